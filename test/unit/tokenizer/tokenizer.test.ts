import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { Failure } from '../../../src/shared/failure';
import { createTokenizer } from '../../../src/tokenizer/tokenizer';
import { root } from '../../support/root';
import { table } from '../../support/tokenizer/fixtures';

interface Json {
  [key: string]: unknown;
  model: Record<string, unknown>;
}

function load(name: string): Json {
  const file = path.join(root, 'test/fixtures/tokenizer', `${name}.tokenizer.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

suite('tokenizer: tokens', () => {
  test('know how they read, what their entry is, and whether they were added', () => {
    const tokenizer = createTokenizer(load('llama'), undefined);
    assert.deepEqual(
      tokenizer
        .encode('the ä</s>', { addSpecialTokens: true })
        .map(({ text, piece, special, start, end }) => [text, piece, special, start, end]),
      [
        ['<s>', '<s>', true, 0, 0],
        [' the', '▁the', false, 0, 3],
        [' ', '▁', false, 3, 4],
        ['\ufffd', '<0xC3>', false, 4, 5],
        ['\ufffd', '<0xA4>', false, 4, 5],
        ['</s>', '</s>', false, 5, 9],
      ],
    );
  });

  test('of WordPiece read without their mark', () => {
    const tokenizer = createTokenizer(load('bert'), undefined);
    const tokens = tokenizer.encode('Lights', { addSpecialTokens: false });
    assert.equal(tokens.map(({ text }) => text).join(''), 'lights');
    assert.ok(tokens.some(({ piece }) => piece.startsWith('##')));
  });

  test('are not surrounded when not asked for, and nothing is left of an empty text', () => {
    const tokenizer = createTokenizer(load('bert'), undefined);
    assert.deepEqual(tokenizer.encode('', { addSpecialTokens: false }), []);
    assert.deepEqual(
      tokenizer.encode('', { addSpecialTokens: true }).map(({ piece }) => piece),
      ['[CLS]', '[SEP]'],
    );
  });

  test('of half a surrogate pair do no harm', () => {
    for (const name of ['byteLevel', 'llama', 'bert', 'unigram', 'wordEnd']) {
      const tokenizer = createTokenizer(load(name), undefined);
      const text = 'a\ud83d b\udc00';
      for (const { start, end } of tokenizer.encode(text, { addSpecialTokens: true })) {
        assert.ok(start >= 0 && start <= end && end <= text.length, name);
      }
    }
  });

  test('never leave the text or go back, whatever a word’s characters become', () => {
    const json = load('byteLevel');
    const normalizer = { type: 'Precompiled', precompiled_charsmap: '' };
    const tokenizer = createTokenizer({ ...json, normalizer }, undefined);
    const text = 'ﬁne\u00a0½ \u0001Ⅷ e\u0301 ～ 한\u200b!';
    const tokens = tokenizer.encode(text, { addSpecialTokens: true });
    assert.equal(tokenizer.decode(tokens.map(({ id }) => id)), 'fine 1⁄2 VIII é ～ 한 !');
    tokens.forEach(({ start, end }, index) => {
      assert.ok(start <= end && end <= text.length);
      assert.ok(start >= (tokens[index - 1]?.start ?? 0));
    });
    assert.equal(text.slice(tokens.at(-1)?.start, tokens.at(-1)?.end), '!');
  });

  test('of a word of 100 kB are found, in time that grows with the length', () => {
    for (const name of ['byteLevel', 'llama', 'bert', 'unigram', 'wordEnd']) {
      const tokenizer = createTokenizer(load(name), undefined);
      const tokens = tokenizer.encode('a'.repeat(100_000), { addSpecialTokens: false });
      assert.equal(tokens[0]?.start, 0, name);
      assert.equal(tokens.at(-1)?.end, 100_000, name);
    }
  }).timeout(20_000);
});

suite('tokenizer: text', () => {
  test('of a Wav2Vec2 model is read without repeated letters and blanks', () => {
    const tokenizer = createTokenizer(load('wordLevel'), undefined);
    const ids = (text: string) =>
      Array.from(text, (letter) => {
        const [token] = tokenizer.encode(letter, { addSpecialTokens: false });
        return token?.id ?? assert.fail(letter);
      });
    assert.equal(tokenizer.decode([...ids('hhee'), 0, ...ids('l l  oo')]), 'hel l o');
    assert.equal(tokenizer.tokenText(ids('a')[0] ?? 0), 'a');
  });

  test('of half a character survives a table', () => {
    const normalizer = { type: 'Precompiled', precompiled_charsmap: table };
    const tokenizer = createTokenizer({ ...load('byteLevel'), normalizer }, undefined);
    const text = 'ﬁ\ud83d x\udc00';
    const ends = tokenizer.encode(text, { addSpecialTokens: false }).map(({ end }) => end);
    assert.equal(Math.max(...ends), text.length);
  });

  test('is looked up in a table by its clusters, and else by its characters', () => {
    const normalizer = { type: 'Precompiled', precompiled_charsmap: table };
    const tokenizer = createTokenizer({ ...load('byteLevel'), normalizer }, undefined);
    const ids = tokenizer.encode('e\u0301 ﬁ\u00a0½ ｶﾞ！', { addSpecialTokens: false });
    assert.equal(tokenizer.decode(ids.map(({ id }) => id)), 'é fi 1⁄2 カ\u3099!');
  });
});

suite('tokenizer: special tokens', () => {
  test('are named by tokenizer_config.json, by content or by object', () => {
    const config = { bos_token: '<s>', eos_token: { content: '</s>', lstrip: false } };
    const { specialTokens, vocabularySize } = createTokenizer(load('llama'), config);
    assert.deepEqual(specialTokens, { begin: 1, end: 2, unknown: 0 });
    assert.equal(vocabularySize, Object.keys(load('llama').model['vocab'] ?? {}).length);
  });

  test('that the vocabulary lacks get the next id', () => {
    const config = { bos_token: '<missing>', eos_token: null };
    assert.deepEqual(createTokenizer(load('byteLevel'), config).specialTokens, { begin: 380 });
  });

  test('entries named like properties of every object are entries', () => {
    const json = load('bert');
    const vocab = { ...(json.model['vocab'] as object), constructor: 400 };
    const tokenizer = createTokenizer({ ...json, model: { ...json.model, vocab } }, undefined);
    const [token] = tokenizer.encode('constructor', { addSpecialTokens: false });
    assert.equal(token?.id, 400);
  });

  test('files that do not say the type of their model are read', () => {
    for (const name of ['byteLevel', 'bert', 'unigram', 'wordLevel']) {
      const { model, ...json } = load(name);
      const untyped = { ...model };
      delete untyped['type'];
      const encode = (from: unknown) =>
        createTokenizer(from, undefined).encode('The light.', { addSpecialTokens: true });
      assert.deepEqual(encode({ ...json, model: untyped }), encode({ ...json, model }));
    }
  });
});

suite('tokenizer: bad files', () => {
  const base = load('llama');
  const cases: [title: string, json: unknown, says: RegExp][] = [
    ['nothing', undefined, /Expected Object/],
    ['a list', [], /model/],
    ['a text', 'tokenizer', /Expected Object/],
    ['no model', { ...base, model: undefined }, /model/],
    ['a model of unknown type', { ...base, model: { type: 'Quantum', vocab: {} } }, /model\.type/],
    ['no vocabulary', { ...base, model: { ...base.model, vocab: null } }, /model\.vocab/],
    ['ids that are none', { ...base, model: { ...base.model, vocab: { a: -1 } } }, /model\.vocab/],
    ['ids out of bounds', { ...base, model: { ...base.model, vocab: { a: 2e9 } } }, /model\.vocab/],
    ['broken merges', { ...base, model: { ...base.model, merges: ['a'] } }, /model\.merges/],
    [
      'a merge of what the vocabulary lacks',
      { ...base, model: { ...base.model, merges: ['the ▁Headlight'] } },
      /merge 0 has a token that is not in the vocabulary/,
    ],
    [
      'a table that is cut short',
      { ...base, normalizer: { type: 'Precompiled', precompiled_charsmap: 'CAAAAAAAAAA=' } },
      /precompiled_charsmap is damaged/,
    ],
    [
      'a table that is none',
      { ...base, normalizer: { type: 'Precompiled', precompiled_charsmap: '{}' } },
      /Invalid character|not correctly encoded/,
    ],
    [
      'an unknown normalizer',
      { ...base, normalizer: { type: 'Sequence', normalizers: [{ type: 'Rot13' }] } },
      /normalizer\.normalizers\[0\]\.type/,
    ],
    ['an unknown pre-tokenizer', { ...base, pre_tokenizer: { type: 'Rot13' } }, /pre_tokenizer/],
    ['an unknown decoder', { ...base, decoder: { type: 'Rot13' } }, /decoder\.type/],
    ['a broken post-processor', { ...base, post_processor: 7 }, /post_processor/],
    ['broken added tokens', { ...base, added_tokens: [{ id: 'x', content: 'y' }] }, /added_tokens/],
    [
      'a pattern that is none',
      { ...base, normalizer: { type: 'Replace', pattern: { Regex: '(' }, content: '' } },
      /normalizer has the pattern “\(”/,
    ],
  ];
  for (const [title, json, says] of cases) {
    test(title, () => {
      assert.throws(
        () => createTokenizer(json, undefined),
        (error) =>
          error instanceof Failure && error.where === 'tokenizer.json' && says.test(error.message),
      );
    });
  }

  test('tokenizer_config.json with tokens that are none', () => {
    assert.throws(
      () => createTokenizer(base, { bos_token: 7 }),
      (error) => error instanceof Failure && error.where === 'tokenizer_config.json',
    );
  });
});
