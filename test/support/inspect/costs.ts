import { readFileSync } from 'node:fs';
import path from 'node:path';
import { graphCosts } from '../../../src/inspect/cost/graphCost';
import type { GraphRole } from '../../../src/onnx/attention/tap';
import { readOnnx } from '../../../src/onnx/file/readModel';
import type { OnnxModel } from '../../../src/onnx/graph/model';
import { readShapeConstants } from '../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../src/onnx/shapes/inferShapes';
import type { Component } from '../../../src/shared/attention';
import type { GraphCost, RunSizes } from '../../../src/shared/modelCost';
import { MemorySource } from '../onnx/fixtures';
import { root } from '../root';

/** What PyTorch counted of one run, by `test/fixtures/inspect/cost.py`. */
export interface CountedRun {
  stack: Component;
  run?: 'prompt' | 'step';
  sizes: RunSizes;
  /** Whether the model was told positions; absent where nothing is cached. */
  positions?: boolean;
  operations: number;
  attentionOperations: number;
}

/** What PyTorch counted of a family. */
export interface CountedFamily {
  parameters: number;
  runs: CountedRun[];
}

export function countedFamilies(): Record<string, CountedFamily> {
  return JSON.parse(
    readFileSync(path.join(root, 'test/fixtures/inspect/cost.json'), 'utf8'),
  ) as Record<string, CountedFamily>;
}

/** Our count of a file. */
export async function costsOfFile(
  file: string,
  role?: GraphRole,
): Promise<{ costs: GraphCost[]; model: OnnxModel }> {
  const source = new MemorySource(readFileSync(file));
  const model = await readOnnx(source, file);
  const shapes = inferShapes(model, await readShapeConstants(source, model));
  return {
    costs: graphCosts(model, shapes, { file, ...(role === undefined ? {} : { role }) }),
    model,
  };
}
