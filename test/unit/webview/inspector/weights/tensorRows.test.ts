import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { StoredTensor } from '../../../../../src/shared/tensorListing';
import {
  groupOf,
  isFound,
  openAtFirst,
  tensorRows,
  type TensorRow,
} from '../../../../../webview/inspector/weights/tensorRows';

function tensor(name: string, more: Partial<StoredTensor> = {}): StoredTensor {
  return {
    file: 'm.onnx',
    name,
    parameters: [name],
    isTransposed: false,
    dims: [4, 8],
    dtype: 'float32',
    elements: 32,
    bytes: 128,
    place: { kind: 'inside' },
    ...more,
  };
}

const tensors = [
  tensor('encoder.embed.weight', { bytes: 512 }),
  tensor('encoder.layers.0.fc1.weight'),
  tensor('encoder.layers.1.fc1.weight'),
  tensor('encoder.layers.10.fc1.weight'),
  tensor('lm_head.weight', { parameters: [] }),
  tensor('scale', { constant: 'scale', parameters: [] }),
];

function written(rows: readonly TensorRow[]): string[] {
  return rows.map((row) =>
    row.kind === 'group' ? `${row.isOpen ? '▾' : '▸'} ${row.group} ${row.tensors}` : row.label,
  );
}

suite('webview: tensors by line', () => {
  test('a tensor is listed under its block, or its part of the model', () => {
    assert.deepEqual(tensors.map(groupOf), [
      'encoder',
      'encoder.layers.0',
      'encoder.layers.1',
      'encoder.layers.10',
      '',
      'constants',
    ]);
  });

  test('at first all is open but the blocks behind the first, and constants', () => {
    assert.deepEqual(written(tensorRows(tensors, 'tree', '', openAtFirst(tensors))), [
      '▾ encoder 1',
      'embed.weight',
      '▾ encoder.layers.0 1',
      'fc1.weight',
      '▸ encoder.layers.1 1',
      '▸ encoder.layers.10 1',
      '▾  1',
      'lm_head.weight',
      '▸ constants 1',
    ]);
  });

  test('a search looks at names, shape and type, word by word, and opens groups', () => {
    assert.ok(isFound(tensors[1] as StoredTensor, 'FC1 4×8'));
    assert.ok(isFound(tensors[1] as StoredTensor, '4x8 float'));
    assert.ok(!isFound(tensors[1] as StoredTensor, 'fc1 int8'));
    // No pattern, so that none can run wild.
    assert.ok(!isFound(tensors[1] as StoredTensor, '(a+)+$'));
    assert.deepEqual(written(tensorRows(tensors, 'tree', 'layers.10', new Set())), [
      '▾ encoder.layers.10 1',
      'fc1.weight',
    ]);
  });

  test('in one list the largest comes first, or the alphabet', () => {
    assert.equal(written(tensorRows(tensors, 'size', '', new Set()))[0], 'encoder.embed.weight');
    assert.deepEqual(written(tensorRows(tensors, 'name', '', new Set())).slice(-2), [
      'lm_head.weight',
      'scale',
    ]);
  });
});
