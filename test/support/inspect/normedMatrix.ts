import type { NormedProduct } from '../../../src/inspect/check/normedProducts';
import { TensorReader } from '../../../src/weights/tensorReader';
import { MemorySource } from '../onnx/fixtures';

/**
 * A product of a norm without gain and shift with a matrix [rows, columns] whose column j is filled with
 * j + 1, and the most that it can reach: √rows · √rows · columns.
 */
export function normedMatrix(
  rows: number,
  columns: number,
): { product: NormedProduct; reader: TensorReader; bound: number } {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => (i % columns) + 1);
  const bytes = new Uint8Array(values.buffer);
  const span = { offset: 0, length: bytes.length };
  const node = {
    name: '',
    opType: 'MatMul',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: new Map(),
    metadata: new Map(),
  };
  return {
    product: {
      node,
      matrix: { name: 'w', dtype: 'float32', dims: [rows, columns], data: { kind: 'raw', span } },
      turned: false,
    },
    reader: new TensorReader({
      source: new MemorySource(bytes),
      file: 'test.onnx',
      open: () => Promise.reject(new Error('there is no other file')),
    }),
    bound: rows * columns,
  };
}
