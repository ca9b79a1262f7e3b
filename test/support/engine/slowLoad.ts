import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { wholeModel } from '../../../src/onnx/file/writeModel';
import { tinyModel, vocabularySize } from './models';

const SIDE = 1024;
const PRODUCTS = 15_000;

/**
 * A model that takes ONNX Runtime ten minutes and more to load: a long chain of products of large
 * constants, which it multiplies in advance.
 * @returns its folder, which goes when the tests' process ends.
 */
export function slowToLoad(): string {
  const folder = tinyModel('llama', 'without-cache');
  const size = vocabularySize(folder);
  const bytes = wholeModel(
    {
      nodes: [
        { opType: 'ConstantOfShape', inputs: ['sides'], outputs: ['c0'] },
        ...Array.from({ length: PRODUCTS }, (_, i) => ({
          opType: 'MatMul',
          inputs: [`c${i}`, 'c0'],
          outputs: [`c${i + 1}`],
        })),
        { opType: 'Gather', inputs: [`c${PRODUCTS}`, 'input_ids'], outputs: ['wide'] },
        { opType: 'Slice', inputs: ['wide', 'start', 'size', 'axis'], outputs: ['logits'] },
      ],
      initializers: [
        ['sides', SIDE, SIDE],
        ['start', 0],
        ['size', size],
        ['axis', 2],
      ].map(([name, ...values]) => ({
        name: String(name),
        dtype: 'int64' as const,
        dims: [values.length],
        bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
      })),
      inputs: [{ name: 'input_ids', dtype: 'int64', shape: ['batch', 'tokens'] }],
      outputs: [{ name: 'logits', dtype: 'float32', shape: ['batch', 'tokens', size] }],
    },
    { irVersion: 8, opset: 13 },
  );
  writeFileSync(path.join(folder, 'onnx/model.onnx'), bytes);
  return folder;
}
