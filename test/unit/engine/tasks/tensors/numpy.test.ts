import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rejection } from '../../../../support/failures';
import { temporaryFolder } from '../../../../support/temporary';
import { context, ListedPath } from '../../../../support/tensors/call';
import { expected, fixture } from '../../../../support/tensors/expected';
import { safetensorsFile } from '../../../../support/tensors/safetensorsFile';

/** As NumPy has it. */
const THRESHOLD = 1000;

suite('engine/tasks/tensors: NumPy', () => {
  let tensors: ListedPath;
  suiteSetup(async () => {
    tensors = await ListedPath.open(fixture('tensors.onnx'));
  });

  for (const [name, wanted] of Object.entries(expected.texts)) {
    test(`the text of ${name} is that of numpy.array2string`, async () => {
      const { text } = await tensors.engine.tensorText(
        { tensor: tensors.id(name), threshold: THRESHOLD },
        context(),
      );
      assert.equal(text, wanted);
    });
  }

  test('a text reads no more than it shows', async () => {
    const file = path.join(temporaryFolder(), 'model.safetensors');
    const dims = [400, 300];
    const bytes = new Uint8Array(400 * 300 * 4);
    writeFileSync(file, safetensorsFile([{ name: 'w', dtype: 'float32', dims, bytes }]));
    const listed = await ListedPath.open(file);
    const params = { tensor: listed.id('w'), threshold: 2 ** 17 };
    const whole = await listed.engine.tensorText(params, context());
    assert.equal(whole.text.match(/0\./g)?.length, 400 * 300);
    writeFileSync(
      file,
      safetensorsFile([
        { name: 'w', dtype: 'float32', dims: [400, 400], bytes: new Uint8Array(640_000) },
      ]),
    );
    const cut = await listed.engine.tensorText(params, context());
    assert.equal(cut.text.match(/0\./g)?.length, 36);
  });

  for (const [name, wanted] of Object.entries(expected.files)) {
    test(`the file of ${name} is that of numpy.save`, async () => {
      const { bytes, content } = await saved(tensors, name);
      assert.equal(content.toString('base64'), wanted);
      assert.equal(bytes, content.length);
    });
  }

  test('blocks of GGUF are written as float32', async () => {
    const blocks = await ListedPath.open(fixture('blocks.gguf'));
    for (const [name, { file, dims }] of Object.entries(expected.blocks)) {
      assert.deepEqual(blocks.named(name).dims, dims);
      assert.equal((await saved(blocks, name)).content.toString('base64'), file, name);
    }
  });

  test('a file that is there stays, unless it is to be replaced', async () => {
    const target = path.join(temporaryFolder(), 'matrix.npy');
    writeFileSync(target, 'kept');
    const save = (replace: boolean) =>
      tensors.engine.saveTensor({ tensor: tensors.id('scalar'), target, replace }, context());
    const refused = await rejection(() => save(false));
    assert.deepEqual([refused.kind, refused.where], ['input', target]);
    assert.equal(readFileSync(target, 'utf8'), 'kept');
    const { file, descr } = await save(true);
    assert.deepEqual([file, descr], [target, '<f4']);
    assert.equal(readFileSync(target).subarray(1, 6).toString(), 'NUMPY');
  });

  test('what cannot be written says so, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const save = (target: string) =>
      tensors.engine.saveTensor(
        { tensor: tensors.id('matrix'), target: path.join(folder, target), replace: false },
        context(),
      );
    assert.equal((await rejection(() => save('matrix.txt'))).kind, 'input');
    assert.ok((await rejection(() => save('none/matrix.npy'))).what.args.includes('ENOENT'));
    mkdirSync(path.join(folder, 'taken.npy'));
    assert.equal((await rejection(() => save('taken.npy'))).kind, 'input');
    assert.deepEqual(readdirSync(folder), ['taken.npy']);
  });

  test('what is cancelled leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const file = path.join(temporaryFolder(), 'model.safetensors');
    const count = 2 ** 20;
    const bytes = new Uint8Array(4 * count);
    writeFileSync(file, safetensorsFile([{ name: 'w', dtype: 'float32', dims: [count], bytes }]));
    const listed = await ListedPath.open(file);
    const cancelled = new AbortController();
    const shares: number[] = [];
    const run = listed.engine.saveTensor(
      { tensor: listed.id('w'), target: path.join(folder, 'w.npy'), replace: false },
      { signal: cancelled.signal, report: ({ share }) => shares.push(share) },
    );
    setTimeout(() => cancelled.abort(), 1);
    await assert.rejects(Promise.resolve(run), { name: 'AbortError' });
    assert.deepEqual(readdirSync(folder), []);
  });
});

async function saved(
  listed: ListedPath,
  name: string,
): Promise<{ bytes: number; content: Buffer }> {
  const target = path.join(temporaryFolder(), 'saved.npy');
  const { file, bytes } = await listed.engine.saveTensor(
    { tensor: listed.id(name), target, replace: false },
    context(),
  );
  assert.equal(file, target);
  assert.deepEqual(readdirSync(path.dirname(target)), ['saved.npy']);
  return { bytes, content: readFileSync(target) };
}
