import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { check } from '../../../src/engine/tasks/check';
import type { CheckedGraph, CheckedModel, CheckRule } from '../../../src/inspect/check/rule';
import { scanFloats, scannedTensors } from '../../../src/inspect/check/floatScan';
import { RuleAnswers } from '../../../src/inspect/check/runRules';
import type { NewGraphParts } from '../../../src/onnx/graph/graphBuilder';
import { readOnnx } from '../../../src/onnx/file/readModel';
import { wholeModel } from '../../../src/onnx/file/writeModel';
import { storedWeights } from '../../../src/onnx/outline/storedWeights';
import { readShapeConstants } from '../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../src/onnx/shapes/inferShapes';
import { inEnglish } from '../../../src/shared/failure';
import type { CheckReport, Finding } from '../../../src/shared/modelCheck';
import { context } from '../engine/models';
import { temporaryFolder } from '../temporary';
import { inMemory, readerOf } from '../weights/files';

/** What a check of a path says. */
export function report(target: string): Promise<CheckReport> {
  return check(target, context<'check'>());
}

/** What one rule finds in a path, as {@link words}. */
export async function findings(target: string, rule: string): Promise<string[]> {
  const { findings: all } = await report(target);
  return all.filter((one) => one.rule === rule).map(words);
}

/** A finding in one line, with the name of its file alone. */
export function words({ severity, message, place }: Finding): string {
  const { file, tensor, value, node } = place;
  const where = [path.basename(file), tensor, value, node].filter((part) => part !== undefined);
  return `${severity}: ${inEnglish(message)} (${where.join(', ')})`;
}

/** A file with a model of these parts. */
export function written(
  parts: NewGraphParts,
  { irVersion = 8, opset = 17 }: { irVersion?: number; opset?: number } = {},
): string {
  const file = path.join(temporaryFolder(), 'model.onnx');
  writeFileSync(file, wholeModel(parts, { irVersion, opset }));
  return file;
}

/** A graph as a rule gets it. */
export async function checkedGraph(file: string): Promise<CheckedGraph> {
  const source = inMemory(file);
  const onnx = await readOnnx(source, file);
  const constants = await readShapeConstants(source, onnx);
  return {
    file,
    onnx,
    constants,
    shapes: inferShapes(onnx, constants),
    stored: storedWeights(onnx),
    lacks: [],
    reader: readerOf(source, file),
  };
}

/** What some rules say of a model that is made for them. */
export async function answer(
  rules: CheckRule | CheckRule[],
  model: Partial<CheckedModel> & Pick<CheckedModel, 'graphs'>,
): Promise<CheckReport> {
  const { signal } = new AbortController();
  const answers = new RuleAnswers([rules].flat());
  await answers.ask(
    {
      unread: [],
      repeated: () => Promise.resolve([]),
      byteProducts: () => Promise.resolve(undefined),
      ...model,
    },
    {
      signal,
      floats: ({ onnx, reader }) =>
        scanFloats(scannedTensors(onnx), reader, signal, () => undefined),
    },
  );
  return answers.report(model.graphs.map(({ file }) => file));
}

/** Changes the bytes of an initializer in a file. */
export async function changeTensor(
  file: string,
  name: string,
  change: (bytes: Buffer) => void,
): Promise<void> {
  const bytes = readFileSync(file);
  const { graph } = await readOnnx(inMemory(file), file);
  const tensor = graph.initializers.find((each) => each.name === name);
  if (tensor?.data.kind !== 'raw') {
    throw new Error(`${file} has no raw initializer ${name}`);
  }
  const { offset, length } = tensor.data.span;
  change(bytes.subarray(offset, offset + length));
  writeFileSync(file, bytes);
}

/** Elements as an initializer of float32. */
export function floats(
  name: string,
  dims: readonly number[],
  values: readonly number[],
): NonNullable<NewGraphParts['initializers']>[number] {
  return {
    name,
    dtype: 'float32',
    dims,
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  };
}

/** Whole numbers as an initializer of int64. */
export function integers(
  name: string,
  values: readonly number[],
): NonNullable<NewGraphParts['initializers']>[number] {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dtype: 'int64', dims: [values.length], bytes };
}
