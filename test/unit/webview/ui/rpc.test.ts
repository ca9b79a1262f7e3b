import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { suite, test } from 'mocha';
import { Failure, type FailureData } from '../../../../src/shared/failure';
import type { Implementation, WebviewMessage } from '../../../../src/shared/rpc';
import { connect } from '../../../../webview/ui/rpc';

interface Host {
  double(params: { value: number }): number;
  ready(): string;
}

interface Progress {
  double: number;
}

interface View {
  show(text: string): void;
  sum(params: { a: number; b: number }): number;
}

const noAnswer: FailureData = {
  kind: 'engine',
  what: { text: 'Nobody answered', args: [] },
  remedy: { text: 'try again', args: [] },
};

/** A connection whose wire ends in two arrays. */
function line(view: Partial<Implementation<View>> = {}, patience = 60_000) {
  const posted: WebviewMessage[] = [];
  const warnings: string[] = [];
  const served: Implementation<View> = { show: () => undefined, sum: ({ a, b }) => a + b, ...view };
  const connection = connect<Host, View, Progress>(
    {
      post: (message) => posted.push(message),
      warn: (message) => warnings.push(message),
      patience,
      noAnswer,
    },
    served,
  );
  return { ...connection, posted, warnings };
}

/** Lets everything that is ready to go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

suite('webview: calls to the host', () => {
  test('carry method and parameters, and end with the answer', async () => {
    const { host, receive, posted } = line();
    const answer = host.double({ value: 21 });
    assert.deepEqual(posted, [{ kind: 'call', id: 1, method: 'double', params: { value: 21 } }]);
    receive({ kind: 'answer', id: 1, value: 42 });
    assert.equal(await answer, 42);
  });

  test('find their own answers, in whatever order these come', async () => {
    const { host, receive } = line();
    const first = host.double({ value: 1 });
    const second = host.ready();
    receive({ kind: 'answer', id: 2, value: 'ready' });
    receive({ kind: 'answer', id: 1, value: 2 });
    assert.deepEqual(await Promise.all([first, second]), [2, 'ready']);
  });

  test('fail with the failure of the host', async () => {
    const { host, receive } = line();
    const answer = host.ready();
    const failure: FailureData = {
      kind: 'gone',
      what: { text: 'The trace {0} is gone', args: ['7'] },
      where: 'trace',
      remedy: { text: 'trace the text again', args: [] },
    };
    receive({ kind: 'failure', id: 1, failure });
    await assert.rejects(answer, (error) => {
      assert.ok(error instanceof Failure);
      assert.deepEqual(error.data, failure);
      return true;
    });
  });

  test('fail when no answer comes; one that comes later is reported', async () => {
    const { host, receive, warnings } = line({}, 0);
    await assert.rejects(host.ready(), (error) => {
      assert.ok(error instanceof Failure);
      assert.deepEqual(error.data, { ...noAnswer, where: 'ready' });
      return true;
    });
    assert.deepEqual(warnings, []);
    receive({ kind: 'answer', id: 1, value: 'too late' });
    assert.equal(warnings.length, 1);
  });

  test('end at once when they are cancelled; the answer that comes all the same is left', async () => {
    const { host, receive, posted, warnings } = line();
    const ending = new AbortController();
    const answer = host.double({ value: 21 }, { signal: ending.signal });
    ending.abort(new Error('changed my mind'));
    await assert.rejects(answer, /changed my mind/);
    assert.deepEqual(posted.at(-1), { kind: 'cancel', id: 1 });
    receive({ kind: 'progress', id: 1, value: 0.5 });
    receive({ kind: 'answer', id: 1, value: 42 });
    assert.deepEqual(warnings, []);
    receive({ kind: 'answer', id: 1, value: 42 });
    assert.equal(warnings.length, 1);
  });

  test('are not made when they are cancelled before', async () => {
    const { host, posted } = line();
    await assert.rejects(host.double({ value: 1 }, { signal: AbortSignal.abort() }));
    assert.deepEqual(posted, []);
  });

  test('cancel nothing once they are over', async () => {
    const { host, receive, posted } = line();
    const ending = new AbortController();
    const answer = host.double({ value: 21 }, { signal: ending.signal });
    receive({ kind: 'answer', id: 1, value: 42 });
    await answer;
    ending.abort();
    assert.equal(posted.length, 1);
  });

  test('tell their progress, and wait on as long as some comes', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { host, receive } = line({}, 100);
      const heard: number[] = [];
      const answer = host.double({ value: 4 }, { onProgress: (share) => heard.push(share) });
      for (const value of [0.2, 0.4, 0.6, 0.8]) {
        mock.timers.tick(60);
        receive({ kind: 'progress', id: 1, value });
      }
      receive({ kind: 'answer', id: 1, value: 8 });
      assert.equal(await answer, 8);
      assert.deepEqual(heard, [0.2, 0.4, 0.6, 0.8]);
      const silent = host.double({ value: 4 });
      mock.timers.tick(101);
      await assert.rejects(silent);
    } finally {
      mock.timers.reset();
    }
  });

  test('the host can be awaited and shown without being called', async () => {
    const { host, posted } = line();
    await Promise.resolve(host);
    assert.equal(typeof Reflect.get(host, Symbol.toPrimitive), 'undefined');
    assert.deepEqual(posted, []);
  });
});

suite('webview: calls from the host', () => {
  test('are answered with the value, also one that takes its time', async () => {
    const { receive, posted } = line({ sum: ({ a, b }) => Promise.resolve(a + b) });
    receive({ kind: 'call', id: 5, method: 'sum', params: { a: 2, b: 3 } });
    await settle();
    assert.deepEqual(posted, [{ kind: 'answer', id: 5, value: 5 }]);
  });

  test('get the failure of the method', async () => {
    const failure = new Failure({ ...noAnswer, kind: 'input' });
    const { receive, posted } = line({
      show: () => {
        throw failure;
      },
    });
    receive({ kind: 'call', id: 5, method: 'show', params: 'text' });
    await settle();
    assert.deepEqual(posted, [{ kind: 'failure', id: 5, failure: failure.data }]);
  });

  test('get a failure for any other error, with its message', async () => {
    const { receive, posted } = line({
      show: () => {
        throw new TypeError('no canvas');
      },
    });
    receive({ kind: 'call', id: 5, method: 'show', params: 'text' });
    await settle();
    const [message] = posted;
    assert.ok(message?.kind === 'failure');
    assert.equal(message.failure.kind, 'runtime');
    assert.deepEqual(message.failure.what.args, ['no canvas']);
  });

  for (const method of ['hide', 'toString', 'constructor', '__proto__']) {
    test(`get a failure for ${method}, which is not served`, async () => {
      const { receive, posted } = line();
      receive({ kind: 'call', id: 9, method });
      await settle();
      const [message] = posted;
      assert.ok(message?.kind === 'failure' && message.id === 9);
      assert.equal(message.failure.kind, 'unsupported');
      assert.deepEqual(message.failure.what.args, [method]);
    });
  }
});

suite('webview: messages that are none', () => {
  for (const message of [
    undefined,
    'hello',
    {},
    { kind: 'call', method: 'show' },
    { kind: 'call', id: 1, method: 7 },
    { kind: 'greeting', id: 1 },
    { kind: 'failure', id: 1, failure: { kind: 'input', what: 'text', remedy: 'text' } },
  ]) {
    test(`${JSON.stringify(message)} is reported and answered by nothing`, async () => {
      const { receive, posted, warnings } = line();
      receive(message);
      await settle();
      assert.deepEqual(posted, []);
      assert.equal(warnings.length, 1);
    });
  }

  test('an answer to no call is reported', () => {
    const { receive, warnings } = line();
    receive({ kind: 'answer', id: 3 });
    assert.equal(warnings.length, 1);
  });
});
