import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Dimension, OnnxModel } from '../../../src/onnx/graph/model';
import { readOnnx } from '../../../src/onnx/file/readModel';
import { folder, json, MemorySource } from './fixtures';

/** What `shapes.py` writes. */
export interface ExpectedShapes {
  sizes: Record<string, number>;
  shapes: Dimension[][];
  /** Of every output of every node, inner graphs after the node around them, a number in `shapes`. */
  models: Record<string, { inferred: number[]; ran: number[] }>;
}

export function expectedShapes(): ExpectedShapes {
  return json('shapes.json') as ExpectedShapes;
}

/** One of the models, as if the file said nothing of values between its nodes. */
export async function withoutDescriptions(
  name: string,
): Promise<{ model: OnnxModel; source: MemorySource }> {
  const source = new MemorySource(readFileSync(path.join(folder, '..', name)));
  const model = await readOnnx(source, name);
  return { model: { ...model, graph: { ...model.graph, values: new Map() } }, source };
}
