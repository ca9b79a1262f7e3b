import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite, test } from 'mocha';
import { openSession } from '../../../../src/engine/runtime/session';
import { root } from '../../../support/root';
import { onlyWhere } from '../../../support/skips';

suite('Threads of a graph', () => {
  const file = path.join(root, 'test/fixtures/families/gpt2/torchscript-eager-cache/model.onnx');

  /** How many threads a session starts. */
  async function started(bytes: number): Promise<number> {
    const count = (): number => readdirSync('/proc/self/task').length;
    const before = count();
    const session = await openSession({ file }, file, { operations: 0, bytes });
    const after = count();
    await session.dispose();
    return after - before;
  }

  test('a small graph starts none, a large one takes every core', async function () {
    onlyWhere(this, process.platform === 'linux', 'threads are counted on Linux');
    // The first session brings the runtime's own.
    await started(0);
    assert.equal(await started(1_000_000), 0);
    assert.equal(await started(100_000_000), os.availableParallelism() - 1);
  });
});
