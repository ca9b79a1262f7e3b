import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { CrashRecord } from '../../../../src/host/engine/crashRecord';

const MINUTE = 60_000;

suite('host/engine/crashRecord', () => {
  test('starts are spaced out, and the third crash within three minutes is the last', () => {
    let now = 1e12;
    const record = new CrashRecord(() => now);
    assert.deepEqual([record.backOffMs, record.givenUp], [0, undefined]);
    record.add();
    assert.deepEqual([record.backOffMs, record.givenUp], [250, undefined]);
    now += MINUTE;
    record.add();
    assert.deepEqual([record.backOffMs, record.givenUp], [1000, undefined]);
    now += MINUTE;
    record.add();
    const { givenUp } = record;
    assert.equal(givenUp?.kind, 'engine');
    assert.match(givenUp.message, /3 times within 3 minutes.*Restart Engine/);
  });

  test('crashes are forgotten after three minutes', () => {
    let now = 0;
    const record = new CrashRecord(() => now);
    for (const at of [0, 1, 2]) {
      now = at * MINUTE;
      record.add();
    }
    now = 3 * MINUTE - 1;
    assert.ok(record.givenUp);
    now = 3 * MINUTE;
    assert.equal(record.givenUp, undefined);
    assert.equal(record.backOffMs, 1000);
    now = 5 * MINUTE;
    assert.equal(record.backOffMs, 0);
  });

  test('clearing forgets them at once', () => {
    const record = new CrashRecord(() => 0);
    [1, 2, 3, 4].forEach(() => record.add());
    assert.ok(record.givenUp);
    record.clear();
    assert.deepEqual([record.backOffMs, record.givenUp], [0, undefined]);
  });
});
