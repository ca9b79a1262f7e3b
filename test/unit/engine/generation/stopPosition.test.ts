import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { findStopPosition } from '../../../../src/engine/generation/stopPosition';
import { bundled, context, listen } from '../../../support/engine/models';

suite('engine/generation: where a completion ends', () => {
  /** Writes character by character, each a token, up to the end; `|` marks it. */
  function stopped(stopAt: 'sentence' | 'block', prompt: string, marked: string): string {
    const written = marked.replace('|', '');
    for (let length = 1; length <= written.length; length++) {
      const soFar = written.slice(0, length);
      const end = findStopPosition(
        stopAt,
        prompt,
        written.slice(0, length - 1),
        written.charAt(length - 1),
        length,
      );
      if (end !== undefined) {
        return `${soFar.slice(0, end)}|${written.slice(end)}`;
      }
    }
    return written;
  }

  for (const [prompt, marked] of [
    ['The function returns', ' the number of bytes.| It is not'],
    ['See', ' the file config.json and e.g. v1.2.3 of it.| Then'],
    ['It', ' is.  And that is so, too.| Then'],
    ['It', ' is|\n\nThen'],
    ['It', ' is wrapped\nin a line'],
    ['It', '\n\nbegins with a paragraph that goes on'],
  ] as const) {
    test(`sentence: ${JSON.stringify(prompt + marked)}`, () => {
      assert.equal(stopped('sentence', prompt, marked), marked);
    });
  }

  for (const [prompt, marked] of [
    ['x = 1', ' + 2|\ny = 3'],
    ['x = f(1,', '\n  2,\n)|\ny = 3'],
    ['def f(x):', '\n    a = x\n\n    return a|\n\ndef g():'],
    ['def f(x):\n', '    return x|\nprint(1)'],
    ['if x:', '\n    y()\nelse:\n    z()|\nw()'],
    ['function f() {', '\n  return 1;\n}|\nf();'],
    ['  if (x) {', '\n    y();\n  } else {\n    z();\n  }|\n  w();'],
    ['    return', ' x|\nz'],
    ['x = 1\n', 'y = 2|\nz = 3'],
    ['x = 1\n', '\ny = 2|\nz = 3'],
    ['x', ' = 1'],
  ] as const) {
    test(`block: ${JSON.stringify(prompt + marked)}`, () => {
      assert.equal(stopped('block', prompt, marked), marked);
    });
  }
});

suite('engine/generation: stops by itself', () => {
  const options = { maxNewTokens: 64, temperature: 0 };
  const model = { folder: bundled };
  const prompts = ['If the connection is lost, the client', 'The parser reads the file and'];

  for (const text of prompts) {
    test(`at a sentence or paragraph, without decoding on: ${text}`, async () => {
      const { engine } = listen();
      const reported: { delta: string }[] = [];
      const free = await engine.complete({ model, text, options }, context());
      const answer = await engine.complete(
        { model, text, stopAt: 'sentence', options },
        context(undefined, reported),
      );
      assert.equal(answer.stop, 'end');
      assert.ok(answer.tokens.length < free.tokens.length);
      assert.ok(free.text.startsWith(answer.text) && answer.text !== '');
      assert.equal(reported.map(({ delta }) => delta).join(''), answer.text);
      assert.equal(reported.length, answer.tokens.length);
      // No more than the one token that the end was seen by.
      const before = answer.tokens.slice(0, -1).map((token) => token.text);
      assert.ok(answer.text.startsWith(before.join('').trimEnd()), answer.text);
    });
  }

  test('the limit holds nevertheless', async () => {
    const answer = await listen().engine.complete(
      {
        model,
        text: prompts[0] ?? '',
        stopAt: 'sentence',
        options: { ...options, maxNewTokens: 3 },
      },
      context(),
    );
    assert.deepEqual([answer.stop, answer.tokens.length], ['length', 3]);
  });

  test('a model that has read no code says so of code, however short', async () => {
    for (const text of ['return a + b', 'def read_lines(path):']) {
      const params = { model, text, options: { ...options, maxNewTokens: 4 } };
      const { engine } = listen();
      const code = await engine.complete({ ...params, stopAt: 'block' }, context());
      assert.ok(code.warnings.some(({ kind }) => kind === 'unfamiliar'));
    }
    const params = { model, text: 'The sum returns', options: { ...options, maxNewTokens: 4 } };
    const prose = await listen().engine.complete({ ...params, stopAt: 'sentence' }, context());
    assert.ok(!prose.warnings.some(({ kind }) => kind === 'unfamiliar'));
  });
});
