import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { FileSource } from '../../../src/library/fileSource';
import { failsWith } from '../../support/library/failures';
import { writtenFolder } from '../../support/library/writtenFolder';

suite('library: file source', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

  async function withSource(use: (source: FileSource, file: string) => Promise<void>) {
    const file = path.join(writtenFolder({ 'model.onnx': bytes }), 'model.onnx');
    const source = await FileSource.open(file);
    try {
      await use(source, file);
    } finally {
      await source.close();
    }
  }

  test('reads any part of a file', () =>
    withSource(async (source) => {
      assert.equal(source.size, 1000);
      for (const [offset, length] of [
        [0, 1000],
        [0, 0],
        [999, 1],
        [1000, 0],
        [250, 500],
      ] as const) {
        assert.deepEqual(await source.read(offset, length), bytes.slice(offset, offset + length));
      }
    }));

  test('reads nothing outside the file', () =>
    withSource(async (source) => {
      for (const [offset, length] of [
        [-1, 1],
        [0, 1001],
        [1000, 1],
        [0, -1],
        [NaN, 1],
      ] as const) {
        await assert.rejects(source.read(offset, length), RangeError);
      }
    }));

  test('answers fewer bytes when the file shrank meanwhile', () =>
    withSource(async (source, file) => {
      truncateSync(file, 600);
      assert.deepEqual(await source.read(500, 200), bytes.slice(500, 600));
    }));

  test('opens neither what is missing nor what is no file', async () => {
    const folder = writtenFolder();
    const missing = path.join(folder, 'model.onnx');
    await failsWith(FileSource.open(missing), 'model', missing, /does not exist/);
    await failsWith(FileSource.open(folder), 'model', folder, /is not a file/);
  });
});
