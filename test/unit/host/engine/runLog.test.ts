import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { runLine } from '../../../../src/host/engine/runLog';
import type { GeneratedToken } from '../../../../src/shared/generation';

const SECRET = 'secret';
const token: GeneratedToken = { id: 1, text: SECRET, logprob: -1 };
const timing = { loadMs: 1200, prefillMs: 10, decodeMs: 100, tokensPerSecond: 10 };
const text = SECRET;

suite('host/engine/runLog', () => {
  test('a completion is told by its model, tokens and time', () => {
    const line = runLine(
      'complete',
      { model: { folder: '/models/tiny' }, text, options: { maxNewTokens: 2 } },
      {
        kind: 'done',
        answer: {
          text,
          tokens: [token, token],
          stop: 'length',
          sampled: false,
          timing,
          warnings: [],
          unsure: [],
        },
      },
      1550,
    );
    assert.equal(line, 'complete: tiny, 2 tokens, 10 tokens/s, load 1.20 s, stop: length, 1.55 s');
  });

  test('a translation counts the tokens of all parts', () => {
    const part = { source: { start: 0, end: 6 }, text, tokens: [token] };
    const line = runLine(
      'translate',
      { model: { bundled: 'translate' }, text, options: {} },
      {
        kind: 'done',
        answer: {
          text,
          parts: [part, part],
          stop: 'end',
          sampled: false,
          timing,
          warnings: [],
          unsure: [],
        },
      },
      500,
    );
    assert.match(line ?? '', /^translate: bundled model \(translate\), 2 tokens, .*, 0\.50 s$/);
    assert.ok(!line?.includes(SECRET));
  });

  test('what failed or was stopped is told, too', () => {
    const params = { model: { bundled: 'fillMask' }, text, blank: { start: 0, end: 1 }, count: 1 };
    assert.equal(
      runLine('fillMask', params as never, { kind: 'failed' }, 20),
      'fillMask: bundled model (fillMask), failed, 0.02 s',
    );
    assert.equal(
      runLine('trace', { model: { folder: 'm' }, text }, { kind: 'cancelled' }, 20),
      'trace: m, cancelled, 0.02 s',
    );
  });

  test('reading a map is no task', () => {
    const params = { trace: 't', site: 's', head: 0 };
    assert.equal(runLine('headMap', params, { kind: 'failed' }, 1), undefined);
  });
});
