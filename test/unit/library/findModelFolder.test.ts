import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import { findModelFolder, modelFolderName } from '../../../src/library/findModelFolder';
import { givenPath } from '../../../src/library/givenPath';
import { inEnglish } from '../../../src/shared/failure';
import { rejection } from '../../support/failures';
import { writtenFolder } from '../../support/library/writtenFolder';

const MODEL = { 'config.json': {}, 'onnx/model.onnx': '' };

/** The files of a model in the hub's cache. */
function cached(repository: string, commits: string[], main?: string): Record<string, unknown> {
  return {
    ...(main === undefined ? {} : { [`${repository}/refs/main`]: main }),
    ...Object.fromEntries(
      commits.map((commit) => [`${repository}/snapshots/${commit}/config.json`, {}]),
    ),
  };
}

suite('library/givenPath', () => {
  const home = path.resolve('/home/someone');
  for (const [given, found] of [
    ['~', home],
    ['~/models/gpt2', path.join(home, 'models/gpt2')],
    ['~/models/gpt2/', path.join(home, 'models/gpt2')],
    ['  "~/my models/gpt2"  ', path.join(home, 'my models/gpt2')],
    [`'~/models'\n`, path.join(home, 'models')],
    ['models/gpt2', path.resolve('models/gpt2')],
    ['~someone/models', path.resolve('~someone/models')],
    ['a~b', path.resolve('a~b')],
    [`it's`, path.resolve(`it's`)],
  ] as const) {
    test(`${JSON.stringify(given)} is ${found}`, () => {
      assert.equal(givenPath(given, home), found);
    });
  }

  test('without another one, the home folder is the user’s', () => {
    assert.equal(givenPath('~/x'), path.join(homedir(), 'x'));
  });
});

suite('library/findModelFolder', () => {
  test('a folder, its graphs and its folder onnx all mean the model', async () => {
    const folder = writtenFolder(MODEL);
    for (const given of ['', 'onnx', 'onnx/', 'onnx/model.onnx']) {
      assert.equal(await findModelFolder(path.join(folder, given)), folder);
    }
    const flat = writtenFolder({ 'config.json': {}, 'model.onnx': '' });
    assert.equal(await findModelFolder(` "${flat}/model.onnx" `), flat);
  });

  test('what holds no model comes back for its reader to judge', async () => {
    const folder = writtenFolder({ 'notes.txt': '' });
    for (const given of [folder, path.join(folder, 'notes.txt'), path.join(folder, 'nothing')]) {
      assert.equal(await findModelFolder(given), given);
    }
  });

  test('the one model of the hub’s cache, at the commit that refs/main names', async () => {
    const home = writtenFolder(cached('hub/models--org--name', ['aaa', 'bbb'], 'bbb\n'));
    const snapshot = path.join(home, 'hub/models--org--name/snapshots/bbb');
    const repository = 'hub/models--org--name';
    for (const given of ['', 'hub', repository, `${repository}/snapshots`]) {
      assert.equal(await findModelFolder(path.join(home, given)), snapshot);
    }
    assert.equal(modelFolderName(snapshot), 'org/name');
    assert.equal(modelFolderName('/models/gpt2'), 'gpt2');
  });

  test('a single snapshot needs no refs/main', async () => {
    const cache = writtenFolder(cached('models--name', ['ccc']));
    assert.equal(await findModelFolder(cache), path.join(cache, 'models--name/snapshots/ccc'));
  });

  test('several models are named', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `models--org--m${index}`);
    const files = names.map((name) => cached(name, ['aaa'], 'aaa'));
    const cache = writtenFolder(Object.assign({}, ...files) as Record<string, unknown>);
    const { kind, what, remedy, where } = await rejection(async () => findModelFolder(cache));
    assert.deepEqual([kind, where], ['model', cache]);
    assert.match(inEnglish(what), /holds 10 models: org\/m0, org\/m1, .*org\/m7, …$/);
    assert.match(inEnglish(remedy), /models--org--m0/);
  });

  for (const [title, files, says] of [
    ['no snapshot', cached('models--a--b', [], 'aaa'), /no files of this model/],
    ['two snapshots and no main', cached('models--a--b', ['aaa', 'bbb']), /2 versions/],
    ['a main that is not there', cached('models--a--b', ['aaa', 'bbb'], 'ccc'), /2 versions/],
  ] as const) {
    test(`refused: ${title}`, async () => {
      const cache = writtenFolder(files);
      const { what, where } = await rejection(async () => findModelFolder(cache));
      assert.match(inEnglish(what), says);
      assert.equal(where, path.join(cache, 'models--a--b'));
    });
  }
});
