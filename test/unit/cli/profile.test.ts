import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import type { ModelProfile } from '../../../src/shared/modelProfile';
import { runCommand } from '../../support/cli';
import { root } from '../../support/root';

const model = path.join(root, 'models/headlight-fill-mask');

suite('cli/profile', () => {
  test('times by operator and module, with what the profiler itself costs', async () => {
    const { status, written } = await runCommand(['profile', model, '--runs', '3', '--text', 'a']);
    assert.equal(status, 0);
    assert.match(written, /^ {2}runtime {5}ONNX Runtime \d/m);
    assert.match(written, /^The encoder reads \d+ tokens {2}\(model\.onnx\)$/m);
    assert.match(written, /^ {2}A run takes [\d.]+ ms \([\d.]+ ms to [\d.]+ ms in 3 runs\)\. /m);
    assert.match(written, /^ {2}MatMul +[\d.]+ ms +[\d.]+% +30$/m);
    assert.match(written, /^ {6}encoder +[\d.]+ ms +[\d.]+% +\d+$/m);
    assert.match(written, /^ {2}outside of nodes +[\d.]+ ms +[\d.]+%$/m);
  });

  test('all of it as JSON', async () => {
    const { written } = await runCommand(['profile', model, '--runs', '1', '--json']);
    const { passes } = JSON.parse(written) as ModelProfile;
    assert.equal(passes.length, 1);
  });

  test('stopped, it says so', async () => {
    const controller = new AbortController();
    controller.abort();
    const { status, notes } = await runCommand(
      ['profile', model],
      '',
      undefined,
      controller.signal,
    );
    assert.equal(status, 130);
    assert.deepEqual(notes, ['stopped before all was measured']);
  });
});
