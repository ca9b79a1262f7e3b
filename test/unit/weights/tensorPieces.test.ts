import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import type { TensorRef } from '../../../src/onnx/graph/model';
import { hasPieces, tensorPieces } from '../../../src/weights/tensorPieces';
import { TensorReader } from '../../../src/weights/tensorReader';
import { MemorySource } from '../../support/onnx/fixtures';
import { fixture, openModel } from '../../support/weights/files';

/** Elements of the largest piece of one byte each. */
const PIECE = 4 * 2 ** 20;

function stored(bytes: Uint8Array): { source: MemorySource; reader: TensorReader } {
  const source = new MemorySource(bytes);
  const open = (): never => assert.fail('there is no other file');
  return { source, reader: new TensorReader({ source, file: 'test.onnx', open }) };
}

function raw(dtype: TensorRef['dtype'], elements: number, length: number): TensorRef {
  return { name: 'w', dtype, dims: [elements], data: { kind: 'raw', span: { offset: 0, length } } };
}

suite('tensorPieces', () => {
  for (const [dtype, elements, length] of [
    ['int8', 2 * PIECE + 5, 2 * PIECE + 5],
    ['uint4', 4 * PIECE + 3, 2 * PIECE + 2],
    ['float32', PIECE / 2 + 1, 2 * PIECE + 4],
  ] as const) {
    test(`of ${dtype} make up the whole, each once and in order`, async () => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) % 251);
      const tensor = raw(dtype, elements, length);
      const { reader } = stored(bytes);
      let [at, first] = [0, 0];
      const { signal } = new AbortController();
      for await (const piece of tensorPieces(tensor, reader, signal)) {
        assert.equal(piece.first, first);
        assert.ok(piece.bytes.length <= PIECE);
        assert.ok(Buffer.from(piece.bytes).equals(bytes.subarray(at, at + piece.bytes.length)));
        at += piece.bytes.length;
        first += piece.count;
      }
      assert.deepEqual([at, first], [length, elements]);
    });
  }

  test('end between two of them when nobody waits', async () => {
    const tensor = raw('int8', 3 * PIECE, 3 * PIECE);
    const { source, reader } = stored(new Uint8Array(3 * PIECE));
    const controller = new AbortController();
    await assert.rejects(async () => {
      for await (const { first } of tensorPieces(tensor, reader, controller.signal)) {
        assert.equal(first, 0);
        controller.abort();
      }
    }, /abort/i);
    assert.equal(source.bytesRead, PIECE);
  });

  test('are had of every type and layout but texts', async () => {
    const { model, reader } = await openModel(fixture('types.onnx'));
    const { signal } = new AbortController();
    for (const tensor of model.graph.initializers) {
      assert.equal(hasPieces(tensor), tensor.dtype !== 'string', tensor.name);
      for await (const { bytes } of tensorPieces(tensor, reader, signal)) {
        assert.deepEqual([...bytes], [...(await reader.bytes(tensor))]);
      }
    }
  });
});
