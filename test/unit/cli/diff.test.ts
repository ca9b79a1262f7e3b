import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import type { ModelDiff } from '../../../src/shared/modelDiff';
import { runCommand } from '../../support/cli';
import { root } from '../../support/root';

const a = path.join(root, 'test/fixtures/diff/a.onnx');
const b = path.join(root, 'test/fixtures/diff/b.onnx');

suite('cli/diff', () => {
  test('models that differ: what, worst first, and an exit status of its own', async () => {
    const { status, written } = await runCommand(['diff', a, b, '--no-run']);
    assert.equal(status, 3);
    const lines = written.split('\n');
    assert.match(lines[0] ?? '', /^A {2}.*a\.onnx +13\.2 kB +7 nodes +float32$/);
    assert.match(written, /^The numbers of 4 of 6 tensors differ; B has 71% of the size of A\.$/m);
    assert.match(
      written,
      /^ {2}5 nodes the same, 2 of them renamed, 1 changed, 1 only in A, 5 only/m,
    );
    assert.match(written, /^ {2}~ LeakyRelu {2}\/act\/LeakyRelu: alpha 0\.1 → 0\.2$/m);
    assert.match(written, /^ {2}operators {2}ai\.onnx 17 → 18$/m);
    assert.match(written, /^tensors {4}4 differ, 2 equal$/m);
    assert.match(written, /norm\.weight +24 +0\.00% +– +1\.00000 +2 elements not finite$/m);
    assert.match(written, /first\.weight +40 × 24 +1\.07% +39\.4 dB +0\.99994 +0\.072$/m);
    assert.doesNotMatch(written, /^text/m);
  });

  test('the same model is no difference', async () => {
    const { status, written } = await runCommand(['diff', a, a, '--no-run']);
    assert.equal(status, 0);
    assert.match(written, /^Both compute the same: 7 nodes and 6 tensors are equal\.$/m);
  });

  test('why nothing was run is said, and no failure', async () => {
    const { status, written } = await runCommand(['diff', a, a]);
    assert.equal(status, 0);
    assert.match(written, /^ {2}not compared: The model folder has no config\.json/m);
  });

  test('what both make of a text of one’s own', async () => {
    const folder = path.join(root, 'models/headlight-complete');
    const { status, written } = await runCommand(['diff', folder, folder, '--text', 'Open the']);
    assert.equal(status, 0);
    assert.match(written, /^text {7}"Open the"$/m);
    assert.match(written, /^ {2}·the +0 +A /m);
    assert.match(written, /^ {2}blocks\.0\.attn {2}0\.0% /m);
  });

  test('all of it as JSON', async () => {
    const { written } = await runCommand(['diff', a, b, '--no-run', '--json']);
    const found = JSON.parse(written) as ModelDiff;
    assert.equal(found.differs, true);
    assert.equal(found.tensors.different.length, 4);
  });

  test('stopped, it says so', async () => {
    const controller = new AbortController();
    controller.abort();
    const { status, notes } = await runCommand(['diff', a, b], '', undefined, controller.signal);
    assert.equal(status, 130);
    assert.deepEqual(notes, ['stopped before all was compared']);
  });
});
