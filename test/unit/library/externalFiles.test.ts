import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { checkExternalFiles, linkedExternalFiles } from '../../../src/library/externalFiles';
import { needsLinks } from '../../support/skips';
import { failsWith } from '../../support/library/failures';
import { writtenFolder } from '../../support/library/writtenFolder';

suite('library: external data', () => {
  const files = { 'onnx/model.onnx': '', 'onnx/model.onnx_data': 'x'.repeat(100) };
  const modelIn = (folder: string) => path.join(folder, 'onnx', 'model.onnx');

  test('passes when it is there and long enough, or when there is none', async () => {
    const folder = writtenFolder({ ...files, 'onnx/parts/1.bin': 'xyz' });
    await checkExternalFiles(modelIn(folder), [
      { location: 'model.onnx_data', bytes: 100 },
      { location: 'parts/1.bin', bytes: 0 },
    ]);
    await checkExternalFiles(modelIn(path.join(folder, 'nowhere')), []);
  });

  test('fails when it is missing', async () => {
    const folder = writtenFolder(files);
    const file = path.join(folder, 'onnx', 'other.bin');
    const check = checkExternalFiles(modelIn(folder), [{ location: 'other.bin', bytes: 1 }]);
    await failsWith(check, 'model', file, /is missing/);
  });

  test('fails when it is too short', async () => {
    const folder = writtenFolder(files);
    const file = path.join(folder, 'onnx', 'model.onnx_data');
    const check = checkExternalFiles(modelIn(folder), [
      { location: 'model.onnx_data', bytes: 101 },
    ]);
    await failsWith(check, 'model', file, /cut short.*100.*101/);
  });

  test('fails when it is a folder', async () => {
    const folder = writtenFolder(files);
    mkdirSync(path.join(folder, 'onnx', 'data'));
    const check = checkExternalFiles(modelIn(folder), [{ location: 'data', bytes: 0 }]);
    await failsWith(check, 'model', path.join(folder, 'onnx', 'data'), /is missing/);
  });

  test('fails outside the folder of the model file', async () => {
    const folder = writtenFolder({ ...files, 'secret.bin': 'x'.repeat(100) });
    const check = checkExternalFiles(modelIn(folder), [{ location: '../secret.bin', bytes: 1 }]);
    await failsWith(check, 'model', path.join(folder, 'secret.bin'), /outside its own folder/);
  });

  test('fails behind a link that leads out, of the file or of a folder above it', async function () {
    needsLinks(this);
    const folder = writtenFolder({ ...files, 'outside/secret.bin': 'x'.repeat(100) });
    symlinkSync(path.join(folder, 'outside', 'secret.bin'), path.join(folder, 'onnx', 'link.bin'));
    symlinkSync(path.join(folder, 'outside'), path.join(folder, 'onnx', 'linked'));
    for (const location of ['link.bin', 'linked/secret.bin']) {
      const check = checkExternalFiles(modelIn(folder), [{ location, bytes: 1 }]);
      await failsWith(
        check,
        'model',
        path.join(folder, 'onnx', location),
        /outside its own folder/,
      );
    }
  });

  test('tells of a pointer of Git LFS in the place of the weights', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 500\n';
    const folder = writtenFolder({ ...files, 'onnx/model.onnx_data': pointer });
    const file = path.join(folder, 'onnx', 'model.onnx_data');
    const check = checkExternalFiles(modelIn(folder), [
      { location: 'model.onnx_data', bytes: 500 },
    ]);
    await failsWith(check, 'model', file, /pointer that Git LFS leaves.*git lfs pull/);
  });

  test('passes where the graph and its weights are links into one folder, as of the hub', async function () {
    needsLinks(this);
    const folder = writtenFolder({ 'blobs/1': '', 'blobs/2': 'weights', 'secret.bin': 'x' });
    const snapshot = path.join(folder, 'snapshots', 'a', 'onnx');
    mkdirSync(snapshot, { recursive: true });
    symlinkSync('../../../blobs/1', path.join(snapshot, 'model.onnx'));
    symlinkSync('../../../blobs/2', path.join(snapshot, 'model.onnx_data'));
    symlinkSync('../../../secret.bin', path.join(snapshot, 'secret.bin'));
    const model = path.join(snapshot, 'model.onnx');
    const data = { location: 'model.onnx_data', bytes: 7 };
    await checkExternalFiles(model, [data]);
    const linked = await linkedExternalFiles(model, [data]);
    assert.deepEqual([...linked], [['model.onnx_data', new TextEncoder().encode('weights')]]);
    const check = checkExternalFiles(model, [data, { location: 'secret.bin', bytes: 1 }]);
    await failsWith(check, 'model', path.join(snapshot, 'secret.bin'), /outside its own folder/);
  });

  test('only what lies elsewhere is read for a runtime that follows no links', async () => {
    const folder = writtenFolder(files);
    const linked = await linkedExternalFiles(modelIn(folder), [
      { location: 'model.onnx_data', bytes: 100 },
    ]);
    assert.equal(linked.size, 0);
  });

  test('passes where the model folder itself is reached through a link', async function () {
    needsLinks(this);
    const folder = writtenFolder(files);
    const link = path.join(writtenFolder(), 'model');
    symlinkSync(folder, link);
    await checkExternalFiles(modelIn(link), [{ location: 'model.onnx_data', bytes: 100 }]);
  });
});
