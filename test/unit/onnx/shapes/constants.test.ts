import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { TensorRef } from '../../../../src/onnx/graph/model';
import { readShapeConstants } from '../../../../src/onnx/shapes/constants';
import { MemorySource } from '../../../support/onnx/fixtures';
import { model } from '../../../support/onnx/models';

suite('onnx/shapes/constants', () => {
  test('reads numbers listed one by one, in pieces', async () => {
    // 3, then −1 in ten bytes.
    const bytes = Uint8Array.from([3, 0, ...new Array<number>(9).fill(0xff), 1]);
    const tensor = listed([
      { offset: 0, length: 1 },
      { offset: 2, length: 10 },
    ]);
    assert.deepEqual(await constantsOf(bytes, tensor), [3, -1]);
  });

  test('of numbers listed one by one counts what the element type holds', async () => {
    // 2^32 + 3, then −1 in five bytes.
    const bytes = Uint8Array.from([0x83, 0x80, 0x80, 0x80, 0x10, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    const tensor: TensorRef = {
      ...listed([]),
      dtype: 'int32',
      data: { kind: 'typed', field: 'int32_data', spans: [{ offset: 0, length: 10 }] },
    };
    assert.deepEqual(await constantsOf(bytes, tensor), [3, -1]);
  });

  test('passes over a tensor of more pieces than a function has arguments', async () => {
    const empty = new Array<{ offset: number; length: number }>(300_000).fill({
      offset: 0,
      length: 0,
    });
    assert.equal(await constantsOf(Uint8Array.of(1, 2), listed(empty)), undefined);
  });

  test('passes over pieces that lie far apart', async () => {
    const far = 2 ** 20;
    const source = new Uint8Array(far + 1);
    const tensor = listed([
      { offset: 0, length: 1 },
      { offset: far, length: 1 },
    ]);
    assert.equal(await constantsOf(source, tensor), undefined);
  });
});

function listed(spans: { offset: number; length: number }[]): TensorRef {
  return {
    name: 'sizes',
    dtype: 'int64',
    dims: [2],
    data: { kind: 'typed', field: 'int64_data', spans },
  };
}

async function constantsOf(
  bytes: Uint8Array,
  tensor: TensorRef,
): Promise<readonly number[] | undefined> {
  const source = new MemorySource(bytes);
  return (await readShapeConstants(source, model({ initializers: [tensor] }))).get(tensor);
}
