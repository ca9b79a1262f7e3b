import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { createTokenizer, type Tokenizer } from '../../../src/tokenizer/tokenizer';
import { root } from '../../support/root';

function load(name: string): Tokenizer {
  const file = path.join(root, 'test/fixtures/tokenizer', `${name}.tokenizer.json`);
  return createTokenizer(JSON.parse(readFileSync(file, 'utf8')), undefined);
}

function idsOf(tokenizer: Tokenizer, text: string, addSpecialTokens = true): number[] {
  return tokenizer.encode(text, { addSpecialTokens }).map(({ id }) => id);
}

/** What each token of a text adds to a prompt; the flushed rest last. */
function streamed(tokenizer: Tokenizer, prompt: number[], ids: number[]): string[] {
  const stream = tokenizer.streamDecoder(prompt);
  return [...ids.map((id) => stream.push(id)), stream.flush()];
}

suite('tokenizer: streaming', () => {
  const texts = [
    'The light falls on one head after another.',
    'emoji 😀👍🏽 and 你好，世界 and naïve façade',
    'two  spaces,\n\ttabs and\r\nlines  ',
    'e\u0301 and \ufeff',
  ];

  for (const name of ['byteLevel', 'llama', 'unigram', 'wordEnd', 'bert']) {
    test(`${name}: prompt and stream together are the whole text, wherever it is cut`, () => {
      const tokenizer = load(name);
      for (const text of texts) {
        const ids = idsOf(tokenizer, text);
        const whole = tokenizer.decode(ids);
        for (let cut = 0; cut <= ids.length; cut++) {
          const prompt = tokenizer.decode(ids.slice(0, cut));
          // A prompt that ends within a character reads otherwise than the whole.
          if (!prompt.endsWith('\ufffd')) {
            const rest = streamed(tokenizer, ids.slice(0, cut), ids.slice(cut)).join('');
            assert.equal(prompt + rest, whole, `${JSON.stringify(text)} cut at ${cut}`);
          }
        }
      }
    });
  }

  test('a character of several tokens arrives whole, with its last token', () => {
    for (const name of ['byteLevel', 'llama']) {
      const tokenizer = load(name);
      const prompt = idsOf(tokenizer, 'light');
      const ids = idsOf(tokenizer, 'light😀!').slice(prompt.length);
      assert.deepEqual(streamed(tokenizer, prompt, ids), ['', '', '', '😀', '!', ''], name);
    }
  });

  test('a space before a word stays when a text goes on, and goes at its start', () => {
    const tokenizer = load('llama');
    const ids = idsOf(tokenizer, 'the light', false);
    const word = ids.slice(idsOf(tokenizer, 'the', false).length);
    assert.equal(streamed(tokenizer, idsOf(tokenizer, 'the'), word).join(''), ' light');
    assert.equal(streamed(tokenizer, idsOf(tokenizer, ''), ids).join(''), 'the light');
    assert.equal(streamed(tokenizer, [], ids).join(''), 'the light');
  });

  test('a character that is never completed comes out as a replacement at the end', () => {
    const tokenizer = load('llama');
    const [first = assert.fail()] = idsOf(tokenizer, '😀', false).slice(1);
    assert.deepEqual(streamed(tokenizer, idsOf(tokenizer, 'a'), [first]), ['', '\ufffd']);
  });

  test('endless broken bytes are given out all the same', () => {
    const tokenizer = load('llama');
    const [first = assert.fail()] = idsOf(tokenizer, '😀', false).slice(1);
    const ids = new Array<number>(200).fill(first);
    const parts = streamed(tokenizer, idsOf(tokenizer, 'a'), ids);
    assert.equal(parts.join(''), '\ufffd'.repeat(200));
    assert.ok(parts.slice(0, 20).join('').length > 10);
  });

  test('special tokens and ids without an entry add nothing', () => {
    const tokenizer = load('llama');
    const prompt = idsOf(tokenizer, 'the');
    const end = tokenizer.encode('</s>', { addSpecialTokens: false })[0]?.id ?? assert.fail();
    const [light = assert.fail()] = idsOf(tokenizer, 'x a', false).slice(-1);
    assert.deepEqual(streamed(tokenizer, prompt, [end, 999_999, light]), ['', '', ' a', '']);
    assert.equal(tokenizer.decode([...prompt, end, 999_999]), 'the');
  });
});
