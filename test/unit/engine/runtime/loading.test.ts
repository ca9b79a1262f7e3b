import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { loadInTurn, mostLoadMs, onLoad } from '../../../../src/engine/runtime/loading';
import type { GraphLoad } from '../../../../src/shared/engineProtocol';

suite('engine/runtime/loading', () => {
  test('a genuine model has several times what it takes, and weights come from the slowest disks', () => {
    const tenGigabytes = mostLoadMs({ operations: 5000, bytes: 10e9 });
    assert.ok(tenGigabytes > (10e9 / 5e6) * 1000, 'a disk that gives 5 MB a second');
    // 16,510 operations took 11.6 s of one thread.
    assert.ok(mostLoadMs({ operations: 16_510, bytes: 34e6 }) > 4 * 11_600);
    assert.ok(
      mostLoadMs({ operations: 20_000, bytes: 1e6 }) <= 61_000,
      'and a small file a minute',
    );
  });

  test('graphs are loaded one after the other, and each is told before and behind', async () => {
    const told: (GraphLoad | null)[] = [];
    onLoad((load) => told.push(load));
    const size = { operations: 1, bytes: 2 };
    const order: string[] = [];
    const load = (name: string) =>
      loadInTurn(name, size, async () => {
        order.push(`${name} begins`);
        await new Promise(setImmediate);
        order.push(`${name} ends`);
        if (name === 'a') {
          throw new Error('refused');
        }
      });
    try {
      await Promise.all([assert.rejects(load('a'), /refused/), load('b')]);
    } finally {
      onLoad(() => undefined);
    }
    assert.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends']);
    const mostMs = mostLoadMs(size);
    assert.deepEqual(told, [
      { file: 'a', ...size, mostMs },
      null,
      { file: 'b', ...size, mostMs },
      null,
    ]);
  });
});
