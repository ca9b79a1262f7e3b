import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'mocha';
import type { TensorRef } from '../../../src/onnx/graph/model';
import { WEIGHT_LIMITS } from '../../../src/weights/limits';
import { TensorReader } from '../../../src/weights/tensorReader';
import { rejection } from '../../support/failures';
import { MemorySource } from '../../support/onnx/fixtures';
import { fixture, openModel, openStateDict } from '../../support/weights/files';

/** Elements of each type, as texts. */
const expected = JSON.parse(readFileSync(fixture('types.json'), 'utf8')) as Record<
  string,
  string[]
>;

suite('weights/tensorReader', () => {
  for (const [dtype, texts] of Object.entries(expected)) {
    const numbers = Float32Array.from(texts, Number);

    test(`${dtype} of safetensors`, async () => {
      const { tensors, reader } = await openStateDict(fixture('types.safetensors'));
      assertSame(await reader.elements(found(tensors.get(dtype))), numbers);
    });

    test(`${dtype} of ONNX, listed one by one`, async () => {
      const { model, reader } = await openModel(fixture('types.onnx'));
      const tensor = found(model.graph.initializers.find(({ name }) => name === `types.${dtype}`));
      assert.equal(tensor.data.kind, 'typed');
      assertSame(await reader.elements(tensor), numbers);
    });
  }

  test('scalars and empty tensors', async () => {
    const { tensors, reader } = await openStateDict(fixture('types.safetensors'));
    assertSame(await reader.elements(found(tensors.get('scalar'))), Float32Array.of(2.5));
    assertSame(await reader.elements(found(tensors.get('empty'))), new Float32Array(0));
  });

  test('four bits: the first of two is in the lower half of the byte', async () => {
    const reader = readerOf(Uint8Array.of(0x8f, 0x07));
    const tensor: TensorRef = { ...raw(0, 2), dtype: 'int4', dims: [3] };
    assertSame(await reader.elements(tensor), Float32Array.of(-1, -8, 7));
    assertSame(await reader.elements({ ...tensor, dtype: 'uint4' }), Float32Array.of(15, 8, 7));
  });

  test('numbers listed in fields of their own, with tags between them', async () => {
    // Field 5, wire type 0: 300 in two bytes, then −1 in ten.
    const bytes = [0x28, 0xac, 0x02, 0x28, ...Array<number>(9).fill(0xff), 0x01];
    const reader = readerOf(Uint8Array.from(bytes));
    const spans = [
      { offset: 1, length: 2 },
      { offset: 4, length: 10 },
    ];
    const data = { kind: 'typed', field: 'int32_data', spans } as const;
    const tensor: TensorRef = { name: 'w', dtype: 'int32', dims: [2], data };
    assertSame(await reader.elements(tensor), Float32Array.of(300, -1));
    const others: Partial<TensorRef>[] = [
      { dims: [1] },
      { dims: [3] },
      { dtype: 'float32' },
      { dtype: 'int64' },
      { data: { ...data, spans: [{ offset: 1, length: 1 }] }, dims: [1] },
    ];
    for (const other of others) {
      const error = await rejection(() => reader.elements({ ...tensor, ...other }));
      assert.equal(error.kind, 'model');
    }
  });

  test('reads the bytes of the tensor alone', async () => {
    const source = new MemorySource(new Uint8Array(1000));
    const reader = new TensorReader({ source, file: 'x', open: refuse });
    await reader.elements(raw(100, 16));
    assert.equal(source.bytesRead, 16);
  });

  test('a tensor of another file', async () => {
    const other = new MemorySource(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    const opened: string[] = [];
    const open = (location: string): Promise<MemorySource> => {
      opened.push(location);
      return Promise.resolve(other);
    };
    const source = new MemorySource(new Uint8Array(0));
    const reader = new TensorReader({ source, file: 'x', open });
    assertSame(await reader.elements(external('./d/w.bin', 8)), Float32Array.of(3, 4));
    assert.deepEqual(opened, ['d/w.bin']);
    assert.equal(other.bytesRead, 8);
    const short = await rejection(() => reader.elements(external('w.bin', 12)));
    assert.equal(short.kind, 'model');
    assert.equal(short.where, 'w.bin');
  });

  for (const location of ['../w.bin', '/w.bin', 'C:\\w.bin']) {
    test(`refuses to open ${location}`, async () => {
      const error = await rejection(() =>
        readerOf(new Uint8Array(8)).elements(external(location, 0)),
      );
      assert.equal(error.where, `x → ${location}`);
    });
  }

  test('refuses what is no number', async () => {
    const reader = readerOf(new Uint8Array(64));
    for (const dtype of ['string', 'complex64', 'float8e4m3fn'] as const) {
      const length = dtype === 'complex64' ? 32 : 4;
      const error = await rejection(() => reader.elements({ ...raw(0, length), dims: [4], dtype }));
      assert.equal(error.kind, 'unsupported');
    }
  });

  test('refuses more elements than the limit, and bytes that do not fit', async () => {
    const source = new MemorySource(new Uint8Array(64));
    const files = { source, file: 'x', open: refuse };
    const reader = new TensorReader(files, { ...WEIGHT_LIMITS, elements: 3 });
    const error = await rejection(() => reader.elements(raw(0, 16)));
    assert.ok(error.what.args.includes('elements'));
    assert.equal(source.bytesRead, 0);
    const misfit = { ...raw(0, 16), dims: [5] };
    assert.equal((await rejection(() => new TensorReader(files).elements(misfit))).kind, 'model');
  });

  test('a file that has become shorter', async () => {
    const reader = readerOf(new Uint8Array(8));
    assert.equal((await rejection(() => reader.elements(raw(0, 16)))).kind, 'model');
  });
});

function assertSame(actual: Float32Array, wanted: Float32Array): void {
  assert.deepEqual(new Uint32Array(actual.buffer), new Uint32Array(wanted.buffer));
}

function found(tensor: TensorRef | undefined): TensorRef {
  assert.ok(tensor);
  return tensor;
}

/** A tensor of 32-bit floats. */
function raw(offset: number, length: number): TensorRef {
  const data = { kind: 'raw', span: { offset, length } } as const;
  return { name: 'w', dtype: 'float32', dims: [length / 4], data };
}

/** Two 32-bit floats in another file. */
function external(location: string, offset: number): TensorRef {
  return { ...raw(0, 8), data: { kind: 'external', location, offset, length: 8 } };
}

function readerOf(bytes: Uint8Array): TensorReader {
  return new TensorReader({ source: new MemorySource(bytes), file: 'x', open: refuse });
}

function refuse(location: string): never {
  throw new Error(`opened ${location}`);
}
