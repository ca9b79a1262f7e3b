import { suite, teardown, test } from 'mocha';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Cancelled } from '../../../../src/host/engine/engineClient';
import { phrase, type FailureData } from '../../../../src/shared/failure';
import { rejection } from '../../../support/failures';
import { gone, isAlive } from '../../../support/processes';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';
import { disposeAll, names, observe, type Observed } from '../../../support/host/clients';

const fakeEngine = path.join(root, 'test/fixtures/engine/fakeEngine.cjs');

/** An engine that misbehaves as it is told. */
function fake(options: { cancelGraceMs?: number; hangMs?: number } = {}): Observed {
  return observe({ entry: fakeEngine, ...options });
}

suite('host/engine/engineClient', () => {
  teardown(() => {
    for (const state of disposeAll()) {
      assert.ok(['idle', 'ready', 'failed', 'none'].includes(state), `stuck on “${state}”`);
    }
  });

  test('the first call starts the process, and later ones use it', async () => {
    const { client, states, tell } = fake();
    const before = client.pid;
    assert.equal(before, undefined);
    const [first, second] = await Promise.all([tell('echo'), tell('echo')]);
    assert.deepEqual(first, second);
    const { pid } = client;
    assert.ok(pid !== undefined && isAlive(pid));
    await tell('echo');
    assert.equal(client.pid, pid);
    assert.deepEqual(names(states), ['starting', 'idle']);
  });

  test('the process is told where the models lie', async () => {
    const { tell } = observe({ entry: fakeEngine, root: '/some/where' });
    assert.deepEqual(await tell('arguments'), ['/some/where']);
  });

  test('ONNX Runtime finds its telemetry off in the process', async () => {
    const before = process.env['ORT_DISABLE_TELEMETRY'];
    delete process.env['ORT_DISABLE_TELEMETRY'];
    try {
      assert.equal(await fake().tell('telemetry'), '1');
    } finally {
      Object.assign(process.env, before === undefined ? {} : { ORT_DISABLE_TELEMETRY: before });
    }
  });

  test('a failure keeps what it is made of', async () => {
    const { client, tell } = fake();
    const failure: FailureData = {
      kind: 'unsupported',
      what: phrase('The {0} is not for {1}', 'model', 7),
      where: 'onnx/model.onnx',
      remedy: phrase('choose another one'),
    };
    const found = await rejection(() => tell('fail', { failure }));
    assert.deepEqual(found.data, failure);
    await tell('echo');
    assert.ok(client.pid !== undefined, 'the engine goes on');
  });

  test('an unforeseen error of the engine is a failure that tells its message', async () => {
    const { tell } = fake();
    const { kind, message } = await rejection(() => tell('throw'));
    assert.equal(kind, 'runtime');
    assert.match(message, /unforeseen/);
  });

  test('a process that ends in the middle of a call: a failure, and the next call works', async () => {
    const { client, states, tell } = fake();
    const failures = await Promise.all([
      rejection(() => tell('exit')),
      rejection(() => tell('ignore')),
    ]);
    for (const { kind, message } of failures) {
      assert.equal(kind, 'engine');
      assert.match(message, /ended unexpectedly \(7\)/);
    }
    assert.equal(client.pid, undefined);
    await tell('echo');
    assert.deepEqual(names(states), ['starting', 'idle', 'failed', 'starting', 'idle']);
  });

  test('a process that is killed while nothing runs is started again', async () => {
    const { client, reached, tell } = fake();
    await tell('echo');
    const pid = client.pid as number;
    process.kill(pid, 'SIGKILL');
    await reached('failed');
    await tell('echo');
    assert.notEqual(client.pid, pid);
  });

  test('a process that hangs is killed, and the next call works', async () => {
    const { client, states, tell } = fake({ hangMs: 400 });
    await tell('echo');
    const { pid } = client;
    const { kind, message } = await rejection(() => tell('hang'));
    assert.equal(kind, 'engine');
    assert.match(message, /did not answer for \d+ seconds/);
    assert.deepEqual(names(states), ['starting', 'idle', 'loading', 'failed']);
    await gone(pid);
    await tell('echo');
    assert.equal(states.at(-1)?.state, 'idle');
  });

  test('a load that takes too long ends the process, with what was loaded, and is no crash', async () => {
    const { client, states, tell } = fake({ hangMs: Infinity });
    await tell('echo');
    const { pid } = client;
    const { kind, message, where } = await rejection(() => tell('loadForEver'));
    assert.deepEqual([kind, where], ['runtime', 'onnx/model.onnx']);
    assert.match(message, /after \d+ seconds, too long for 19990 operations and 2 MB/);
    assert.equal(states.at(-1)?.state, 'idle');
    await gone(pid);
    await tell('echo');
    assert.notEqual(client.pid, pid);
  });

  test('a load that may take its time is no hang', async () => {
    const { client, tell } = fake({ hangMs: 100 });
    await tell('echo');
    const { pid } = client;
    assert.equal(await tell('load'), 'loaded');
    assert.equal(client.pid, pid);
  });

  test('a load is ended when the call that it is for is cancelled, however long that may take', async () => {
    const { client, states, tell } = fake({ cancelGraceMs: Infinity });
    await tell('echo');
    const { pid } = client;
    const controller = new AbortController();
    const call = tell('loadLong', {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(call, Cancelled);
    assert.equal(states.at(-1)?.state, 'idle', 'this is no crash');
    await gone(pid);
  });

  test('a call that is cancelled and answers has its answer', async () => {
    const { client, tell } = fake();
    const controller = new AbortController();
    const answer = await tell('obey', {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    assert.deepEqual(answer, { stop: 'cancelled' });
    assert.ok(client.pid !== undefined, 'the engine goes on');
  });

  test('a call that does not mind its cancellation takes the process with it', async () => {
    const { client, states, tell } = fake({ cancelGraceMs: 50 });
    const controller = new AbortController();
    let pid: number | undefined;
    const call = tell('ignore', {
      signal: controller.signal,
      onProgress: () => {
        ({ pid } = client);
        controller.abort();
      },
    });
    await assert.rejects(call, Cancelled);
    assert.equal(states.at(-1)?.state, 'idle', 'this is no crash');
    await gone(pid);
    await tell('echo');
    assert.notEqual(client.pid, pid);
  });

  test('others that wait for the process outlive a call that was cancelled', async () => {
    const { client, tell } = fake({ cancelGraceMs: 50 });
    const controller = new AbortController();
    await tell('echo');
    const { pid } = client;
    const other = tell('wait');
    const call = tell('ignore', {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(call, Cancelled);
    await tell('release');
    assert.equal(await other, 'waited');
    assert.equal(client.pid, pid);
  });

  test('a call that was cancelled beforehand is not made', async () => {
    const { log, tell } = fake();
    await assert.rejects(tell('exit', { signal: AbortSignal.abort() }), Cancelled);
    await tell('echo');
    assert.ok(!log.some((line) => line.includes('(7)')));
  });

  test('three crashes: given up, with what to do; a restart tries again', async () => {
    const entry = path.join(temporaryFolder(), 'engine.cjs');
    writeFileSync(entry, `process.stderr.write('no memory'); process.exit(3);`);
    const { client, states, log, tell } = observe({ entry });
    for (let attempt = 0; attempt < 3; attempt++) {
      assert.match((await rejection(() => tell('echo'))).message, /ended unexpectedly \(3\)/);
    }
    const { kind, message } = await rejection(() => tell('echo'));
    assert.equal(kind, 'engine');
    assert.match(message, /crashed 3 times.*Restart Engine/);
    const starts = (): number => states.filter(({ state }) => state === 'starting').length;
    assert.equal(starts(), 3, 'the fourth call starts nothing');
    const latest = states.at(-1);
    assert.equal(latest?.state, 'failed');
    assert.match(JSON.stringify(latest.failure), /Restart Engine/);
    assert.ok(log.includes('no memory'), 'what the process wrote is in the log');

    writeFileSync(entry, `require(${JSON.stringify(fakeEngine)});`);
    client.restart();
    assert.equal(states.at(-1)?.state, 'idle');
    await tell('echo');
    assert.equal(starts(), 4);
  });

  test('a restart ends what runs', async () => {
    const { client, tell } = fake();
    await tell('echo');
    const { pid } = client;
    const call = rejection(() => tell('ignore', { onProgress: () => client.restart() }));
    assert.match((await call).message, /was stopped/);
    await gone(pid);
    await tell('echo');
    assert.notEqual(client.pid, pid);
  });

  test('disposing kills the process, and no later call starts another', async () => {
    const { client, states, tell } = fake();
    await tell('echo');
    const { pid } = client;
    const call = rejection(() => tell('ignore', { onProgress: () => client.dispose() }));
    assert.equal((await call).kind, 'engine');
    await gone(pid);
    assert.equal((await rejection(() => tell('echo'))).kind, 'engine');
    assert.deepEqual(names(states), ['starting', 'idle']);
    assert.equal(client.pid, undefined);
  });

  for (const [title, entry] of [
    ['is not there', path.join(root, 'no-such-engine.js')],
    ['cannot be one', 'engine\0.js'],
  ] as const) {
    test(`an engine file that ${title} is a failure, not a wait`, async () => {
      const { states, tell } = observe({ entry });
      assert.equal((await rejection(() => tell('echo'))).kind, 'engine');
      assert.deepEqual(names(states), ['starting', 'failed']);
    });
  }
});
