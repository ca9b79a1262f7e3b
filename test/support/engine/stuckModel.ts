import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { block, int, model } from '../onnx/protobuf';
import { tinyModel, vocabularySize } from './models';

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
const ATTRIBUTE_OF_GRAPHS = 5;

/**
 * A model that never answers: a `Loop` without a limit and without a condition keeps ONNX Runtime,
 * and with it the main thread, for ever.
 * @returns its folder, which goes when the tests' process ends.
 */
export function stuckModel(): string {
  const folder = tinyModel('llama', 'without-cache');
  const size = vocabularySize(folder);
  const body = [
    node('Identity', ['goesOn'], ['goesOnAgain']),
    node('Identity', ['before'], ['after']),
    block(2, 'body'),
    ...[value(11, 'turn', INT64), value(11, 'goesOn', BOOL), value(11, 'before', FLOAT)],
    ...[value(12, 'goesOnAgain', BOOL), value(12, 'after', FLOAT)],
  ];
  const attribute = block(5, block(1, 'body'), block(6, ...body), int(20, ATTRIBUTE_OF_GRAPHS));
  const graph = model(
    node('Loop', ['', '', 'zero'], ['last'], attribute),
    node('Gather', ['embedding', 'input_ids'], ['embedded']),
    node('Add', ['embedded', 'last'], ['logits']),
    block(2, 'stuck'),
    tensor('embedding', [size, size]),
    tensor('zero', []),
    value(11, 'input_ids', INT64, ['batch', 'tokens']),
    value(12, 'logits', FLOAT, ['batch', 'tokens', size]),
  );
  writeFileSync(path.join(folder, 'onnx/model.onnx'), graph);
  return folder;
}

function node(operator: string, inputs: string[], outputs: string[], ...more: Uint8Array[]) {
  const names = [...inputs.map((name) => block(1, name)), ...outputs.map((name) => block(2, name))];
  return block(1, ...names, block(4, operator), ...more);
}

/** @param field 11 for an input of a graph, 12 for an output. */
function value(field: number, name: string, dtype: number, dims: (number | string)[] = []) {
  const shape = dims.map((size) =>
    block(1, typeof size === 'number' ? int(1, size) : block(2, size)),
  );
  return block(field, block(1, name), block(2, block(1, int(1, dtype), block(2, ...shape))));
}

/** An initializer of zeros. */
function tensor(name: string, dims: number[]) {
  const elements = dims.reduce((product, size) => product * size, 1);
  return block(
    5,
    ...dims.map((size) => int(1, size)),
    ...[int(2, FLOAT), block(8, name), block(9, new Uint8Array(4 * elements))],
  );
}
