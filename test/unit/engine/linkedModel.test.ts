import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { ModelGraph } from '../../../src/engine/modelGraph';
import { needsLinks } from '../../support/skips';
import { root } from '../../support/root';
import { writtenFolder } from '../../support/library/writtenFolder';

suite('engine: a model in the cache of the hub', () => {
  test('runs and is traced, though its files are links', async function () {
    needsLinks(this);
    const folder = writtenFolder({ 'blobs/about': '' });
    const snapshot = path.join(folder, 'snapshots', 'revision');
    mkdirSync(snapshot, { recursive: true });
    for (const name of ['model.onnx', 'model.onnx_data']) {
      const fixture = path.join(
        root,
        'test/fixtures/families/gpt2/torchscript-eager-external',
        name,
      );
      const blob = `blob of ${name}`;
      copyFileSync(fixture, path.join(folder, 'blobs', blob));
      symlinkSync(path.join('..', '..', 'blobs', blob), path.join(snapshot, name));
    }
    const weights = { file: path.join(snapshot, 'model.onnx'), relative: 'model.onnx' };
    const graph = await ModelGraph.open(weights, 'decoder-only');
    await (await graph.session()).dispose();
    const { session, layers } = await graph.tapped();
    assert.equal(layers.length, 2);
    await session.dispose();
  });
});
