import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FileSource } from '../../../../src/library/fileSource';
import { graphContent, type GraphContent } from '../../../../src/engine/tasks/graphContents';
import { listen } from '../../../support/engine/models';
import { rejection } from '../../../support/failures';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';
import { context } from '../../../support/tensors/call';

const fixtures = path.join(root, 'test/fixtures/diff');

async function read(file: string): Promise<GraphContent> {
  const source = await FileSource.open(file);
  try {
    return await graphContent(source, file);
  } finally {
    await source.close();
  }
}

suite('engine/tasks/graphContents', () => {
  test('a file is read once, as long as it stays as it is', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    cpSync(path.join(fixtures, 'a.onnx'), file);
    const first = await read(file);
    assert.equal(await read(file), first);
    cpSync(path.join(fixtures, 'b.onnx'), file);
    const second = await read(file);
    assert.notEqual(second, first);
    assert.equal(second.onnx.graph.nodes.length, 11);
  });

  test('one that could not be read is read again', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    writeFileSync(file, 'text');
    await rejection(() => read(file));
    cpSync(path.join(fixtures, 'a.onnx'), file);
    assert.equal((await read(file)).onnx.graph.nodes.length, 7);
  });

  test('what tasks say of a file follows the file', async () => {
    const { engine } = listen();
    const file = path.join(temporaryFolder(), 'model.onnx');
    const nodes = async (): Promise<number | undefined> =>
      (await engine.moduleGraphs({ path: file }, context()))[0]?.nodes.length;
    cpSync(path.join(fixtures, 'a.onnx'), file);
    await engine.inspect({ path: file }, context());
    assert.equal(await nodes(), 7);
    cpSync(path.join(fixtures, 'b.onnx'), file);
    assert.equal(await nodes(), 11);
  });
});
