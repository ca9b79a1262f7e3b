import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { WEIGHT_LIMITS } from '../../../src/weights/limits';
import { readSafetensors } from '../../../src/weights/safetensors';
import { rejection } from '../../support/failures';
import { MemorySource } from '../../support/onnx/fixtures';
import { fixture, inMemory } from '../../support/weights/files';

suite('weights/safetensors', () => {
  test('reads names, types, shapes and places of a file of the safetensors package', async () => {
    const file = fixture('types.safetensors');
    const { tensors, metadata } = await readSafetensors(inMemory(file), file);
    assert.deepEqual([...metadata], [['format', 'pt']]);
    const dtypes = ['float32', 'float16', 'bfloat16', 'float64', 'int8', 'uint8', 'int16', 'int32'];
    for (const dtype of [...dtypes, 'int64', 'bool']) {
      assert.equal(tensors.get(dtype)?.dtype, dtype);
    }
    assert.deepEqual(tensors.get('float32')?.dims, [11]);
    assert.deepEqual(tensors.get('scalar')?.dims, []);
    assert.deepEqual(tensors.get('empty'), {
      name: 'empty',
      dtype: 'float32',
      dims: [0, 3],
      data: { kind: 'none' },
    });
  });

  test('reads nothing but the header', async () => {
    const bytes = file({ w: entry([64, 64], [0, 16_384]) }, 16_384);
    const source = new MemorySource(bytes);
    await readSafetensors(source, 'x');
    assert.equal(source.bytesRead, bytes.length - 16_384);
  });

  test('keeps names that JavaScript has a meaning for', async () => {
    const text = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    const { tensors } = await readSafetensors(new MemorySource(whole(text, 4)), 'x');
    assert.deepEqual([...tensors.keys()], ['__proto__']);
  });

  test('takes spaces behind the header, and a file without tensors', async () => {
    const { tensors } = await readSafetensors(new MemorySource(whole('{}      ', 0)), 'x');
    assert.equal(tensors.size, 0);
  });

  test('says what stands in the place of a file', async () => {
    const pointer = Buffer.from(
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
    );
    const failure = await rejection(() => readSafetensors(new MemorySource(pointer), 'x'));
    assert.match(failure.message, /Git LFS.*\(x\).*git lfs pull/);
  });

  const damaged: Record<string, Uint8Array> = {
    'is empty': new Uint8Array(0),
    'ends within the length': new Uint8Array(7),
    'has a header longer than the file': length(1000),
    'has a header of 2^63 bytes': length(2 ** 63),
    'has no JSON': whole('{"w":', 0),
    'begins with something else': whole(' {}', 0),
    'has a byte-order mark': whole('\ufeff{}', 0),
    'has a list for a header': whole('[]', 0),
    'has a header that is not UTF-8': bytes(Uint8Array.from([0x7b, 0xff, 0x7d]), 0),
    'has metadata that are no texts': file({ __metadata__: { a: 1 } }, 0),
    'has metadata that are a list': file({ __metadata__: [] }, 0),
    'has a tensor that is no object': file({ w: [1] }, 0),
    'has null for a tensor': file({ w: null }, 0),
    'has no shape': file({ w: { dtype: 'F32', data_offsets: [0, 4] } }, 4),
    'has a negative size': file({ w: entry([-1], [0, 4]) }, 4),
    'has a size of −0': whole('{"w":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}', 0),
    'has half a size': file({ w: entry([0.5], [0, 2]) }, 2),
    'has a size beyond exact numbers': file({ w: entry([2 ** 53], [0, 4]) }, 4),
    'has a product of sizes beyond exact numbers': file(
      { w: entry([2 ** 30, 2 ** 30], [0, 4]) },
      4,
    ),
    'has a type that is not known': file({ w: { ...entry([1], [0, 4]), dtype: 'F33' } }, 4),
    'has a type that is no text': file({ w: { ...entry([1], [0, 4]), dtype: 7 } }, 4),
    'has one offset': file({ w: entry([1], [4]) }, 4),
    'has three offsets': file({ w: entry([1], [0, 4, 4]) }, 4),
    'ends before it begins': file({ w: entry([1], [4, 0]) }, 4),
    'has fewer bytes than elements': file({ w: entry([2], [0, 4]) }, 4),
    'has more bytes than elements': file({ w: entry([1], [0, 8]) }, 8),
    'has tensors that overlap': file({ a: entry([2], [0, 8]), b: entry([1], [4, 8]) }, 8),
    'has two tensors in one place': file({ a: entry([1], [0, 4]), b: entry([1], [0, 4]) }, 4),
    'has a gap before the first tensor': file({ a: entry([1], [4, 8]) }, 8),
    'has a gap between tensors': file({ a: entry([1], [0, 4]), b: entry([1], [8, 12]) }, 12),
    'has bytes behind the last tensor': file({ a: entry([1], [0, 4]) }, 5),
    'has a tensor beyond its end': file({ a: entry([2], [0, 8]) }, 4),
  };
  for (const [what, content] of Object.entries(damaged)) {
    test(`refuses a file that ${what}`, async () => {
      const error = await rejection(() =>
        readSafetensors(new MemorySource(content), 'w.safetensors'),
      );
      assert.equal(error.kind, 'model');
      assert.equal(error.where, 'w.safetensors');
    });
  }

  test('holds each limit', async () => {
    const long = 'n'.repeat(20);
    const content = file({ [long]: entry([1, 1, 1], [0, 4]), b: entry([1], [4, 8]) }, 8);
    await readSafetensors(new MemorySource(content), 'x');
    for (const [limit, value] of [
      ['headerBytes', 64],
      ['tensors', 1],
      ['nameCharacters', 19],
      ['rank', 2],
    ] as const) {
      const limits = { ...WEIGHT_LIMITS, [limit]: value };
      const error = await rejection(() => readSafetensors(new MemorySource(content), 'x', limits));
      assert.ok(error.what.args.includes(limit), error.message);
    }
  });

  test('a file that shrinks meanwhile', async () => {
    const content = file({ a: entry([1], [0, 4]) }, 4);
    const source = { size: content.length, read: () => Promise.resolve(content.subarray(0, 3)) };
    assert.equal((await rejection(() => readSafetensors(source, 'x'))).kind, 'model');
  });
});

function entry(shape: number[], data_offsets: number[]): object {
  return { dtype: 'F32', shape, data_offsets };
}

/** A file with this header and so many bytes of data. */
function file(header: object, data: number): Uint8Array {
  return whole(JSON.stringify(header), data);
}

function whole(header: string, data: number): Uint8Array {
  return bytes(Buffer.from(header), data);
}

function bytes(header: Uint8Array, data: number): Uint8Array {
  return Buffer.concat([length(header.length), header, new Uint8Array(data)]);
}

function length(value: number): Uint8Array {
  const result = Buffer.alloc(8);
  result.writeBigUInt64LE(BigInt(value));
  return result;
}
