import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Cancelled } from '../../../../src/host/engine/engineClient';
import type { GeneratedText } from '../../../../src/shared/generation';
import { rejection } from '../../../support/failures';
import { gone, isAlive } from '../../../support/processes';
import { programs } from '../../../support/programs';
import { root } from '../../../support/root';
import { context, generated, listen, tinyModel } from '../../../support/engine/models';
import { slowToLoad } from '../../../support/engine/slowLoad';
import { stuckModel } from '../../../support/engine/stuckModel';
import { disposeAll, names, observe, type Observed } from '../../../support/host/clients';

/** The engine finds it by way of the root folder that the client hands over. */
const model = { bundled: 'complete' } as const;

suite('host/engine/engineClient, over the real engine', () => {
  let entry: string;
  let engine: Observed;

  suiteSetup(async () => {
    entry = path.join(await programs(), 'dist/engine.js');
    engine = observe({ entry });
  });
  suiteTeardown(() => {
    disposeAll();
  });

  test('completes, and reports each token in turn before it answers', async () => {
    const { prompt, newIds } = generated.llama;
    const model = { folder: tinyModel('llama', 'with-cache') };
    const reported: GeneratedText[] = [];
    const answer = await engine.client.call(
      'complete',
      { model, text: prompt, options: { maxNewTokens: 8 } },
      { onProgress: (step) => reported.push(step) },
    );
    assert.deepEqual(
      answer.tokens.map(({ id }) => id),
      newIds.slice(0, 8),
    );
    assert.deepEqual(
      reported.map(({ token }) => token),
      answer.tokens,
    );
    assert.equal(reported.map(({ delta }) => delta).join(''), answer.text);
    assert.deepEqual(names(engine.states), ['starting', 'idle', 'loading', 'ready']);
  });

  test('typed arrays cross unharmed', async () => {
    const inProcess = listen().engine;
    const model = { folder: tinyModel('gpt2', 'with-cache') };
    const about = { model, text: 'the cat sat' };
    const ours = await inProcess.trace(about, context());
    const { trace, ...summary } = await engine.client.call('trace', about);
    assert.deepEqual({ trace: ours.trace, ...summary }, ours);
    const head = { site: 'blocks.1.attn', head: 1 };
    const map = await engine.client.call('headMap', { trace, ...head });
    assert.ok(map.values instanceof Float32Array);
    assert.deepEqual(map, await inProcess.headMap({ trace: ours.trace, ...head }, context()));
    const row = await engine.client.call('headRow', { trace, ...head, query: 2 });
    assert.deepEqual(row, map.values.slice(2 * map.keys));
    const tile = { site: head.site, size: 2 };
    const small = await engine.client.call('thumbnails', { trace, ...tile });
    assert.ok(small.values instanceof Uint8Array);
    assert.deepEqual(small, await inProcess.thumbnails({ trace: ours.trace, ...tile }, context()));
    await engine.client.call('releaseTrace', { trace });
    const { kind } = await rejection(() => engine.client.call('headMap', { trace, ...head }));
    assert.equal(kind, 'gone');
  });

  test('stops between two tokens when cancelled, and keeps what came', async () => {
    const controller = new AbortController();
    let count = 0;
    const { pid } = engine.client;
    const answer = await engine.client.call(
      'complete',
      { model, text: 'The', options: { maxNewTokens: 400, temperature: 1, seed: 1 } },
      {
        signal: controller.signal,
        onProgress: () => {
          if (++count === 3) {
            controller.abort();
          }
        },
      },
    );
    assert.equal(answer.stop, 'cancelled');
    assert.equal(answer.tokens.length, count);
    assert.ok(count >= 3 && count < 400, `${count} tokens`);
    assert.equal(engine.client.pid, pid, 'the process goes on');
  });

  test('failures keep their kind, their place and their arguments', async () => {
    const params = { model: { folder: path.join(root, 'no-such-model') } };
    const ours = await rejection(() => listen().engine.openModel(params, context()));
    const theirs = await rejection(() => engine.client.call('openModel', params));
    assert.deepEqual(theirs.data, ours.data);
    assert.equal(engine.states.at(-1)?.state, 'failed');
    await engine.client.call('openModel', { model });
    assert.equal(engine.states.at(-1)?.state, 'ready');
  });

  test('a model that takes ten minutes to load: cancelled, and the process is gone', async () => {
    const { client, reached } = observe({ entry, cancelGraceMs: Infinity });
    const controller = new AbortController();
    const call = client.call(
      'complete',
      { model: { folder: slowToLoad() }, text: 'the cat', options: { maxNewTokens: 1 } },
      { signal: controller.signal },
    );
    await reached('loading');
    const { pid } = client;
    controller.abort();
    await assert.rejects(call, Cancelled);
    await gone(pid);
  });

  test('parameters are checked on arrival', async () => {
    const { kind, where } = await rejection(() =>
      engine.client.call('complete', { model, text: '', options: { maxNewTokens: 0 } }),
    );
    assert.deepEqual([kind, where], ['input', 'complete.options.maxNewTokens']);
  });

  const loops: [where: string, argument?: () => string][] = [
    ['nothing'],
    ['a loop of the runtime that never ends', stuckModel],
    ['a script that never ends', () => 'script'],
  ];
  for (const [busyWith, argument] of loops) {
    test(`ends when its parent is killed, busy with ${busyWith}`, async () => {
      const script = path.join(root, 'test/fixtures/engine/parent.cjs');
      const parent = spawn(
        process.execPath,
        [script, entry, ...(argument === undefined ? [] : [argument()])],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
      const pid = Number(line);
      assert.ok(pid > 0 && isAlive(pid));
      // Both write to one pipe, which closes when the last of them is gone.
      const closed = once(parent.stdout, 'close');
      parent.kill('SIGKILL');
      await closed;
      await gone(pid);
    });
  }
});
