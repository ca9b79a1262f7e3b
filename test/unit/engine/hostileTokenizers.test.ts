import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { openTokenizer } from '../../../src/engine/openTokenizer';
import { OutOfTime, withinTime } from '../../../src/engine/timeLimit';
import { Failure } from '../../../src/shared/failure';
import { LONGEST_STEP_TEXT, MOST_ADDED_TOKENS, MOST_STEPS } from '../../../src/shared/limits';
import { root } from '../../support/root';

interface Json {
  [key: string]: unknown;
  model: Record<string, unknown>;
}

const sound = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/tokenizer/byteLevel.tokenizer.json'), 'utf8'),
) as Json;

const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
const double = replace({ String: 'a' }, 'aa');
const many = <T>(step: T, count: number) => new Array<T>(count).fill(step);
const sequence = (member: string, steps: unknown[]) => ({ type: 'Sequence', [member]: steps });
const split = (pattern: string) => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});

/** Opens a tokenizer and does everything with it that a model is used for. */
function use(changes: Record<string, unknown>, text: string): void {
  const tokenizer = openTokenizer({
    json: { ...sound, ...changes },
    config: undefined,
    modelConfig: undefined,
  });
  const ids = tokenizer.encode(text, { addSpecialTokens: true }).map(({ id }) => id);
  tokenizer.decode(ids);
  const stream = tokenizer.streamDecoder([]);
  ids.forEach((id) => stream.push(id));
  stream.flush();
}

suite('engine: hostile tokenizers end in a Failure that says why', () => {
  const text = `${'a'.repeat(40)}b`;
  const marks = {
    type: 'Metaspace',
    replacement: ['ab'.repeat(5000), 'cd'.repeat(5000)],
    split: false,
  };
  const nested = (depth: number): unknown =>
    Array.from({ length: depth }).reduce<unknown>((inner) => sequence('normalizers', [inner]), {
      type: 'NFC',
    });
  const cases: [title: string, changes: Record<string, unknown>, says: RegExp][] = [
    [
      'normalizers that double',
      { normalizer: sequence('normalizers', many(double, 40)) },
      /more than eight times/,
    ],
    [
      'a normalizer that puts much in the place of nothing',
      { normalizer: sequence('normalizers', many(replace({ Regex: '' }, 'ab'.repeat(4000)), 9)) },
      /more than eight times/,
    ],
    [
      'pre-tokenizers that put much before each word',
      {
        pre_tokenizer: sequence('pretokenizers', [
          split('.'),
          ...many(marks, 9).map((mark, index) => ({
            ...mark,
            replacement: mark.replacement[index % 2],
          })),
        ]),
      },
      /more than eight times/,
    ],
    [
      'decoders that double',
      { decoder: sequence('decoders', [...many(double, 40)]) },
      /more than eight times/,
    ],
    [
      'an expression that backtracks, in the pre-tokenizer',
      { pre_tokenizer: split('(a+)+$') },
      /takes more than 5 s/,
    ],
    [
      'steps that are nested',
      { normalizer: nested(5000) },
      new RegExp(`more than ${MOST_STEPS} steps.*normalizer`),
    ],
    [
      'too many steps',
      { decoder: sequence('decoders', many({ type: 'Fuse' }, 10_000)) },
      /steps.*decoder/,
    ],
    [
      'an expression that is nested',
      { pre_tokenizer: split(`${'('.repeat(4500)}a${')'.repeat(4500)}`) },
      /pre_tokenizer has the pattern/,
    ],
    [
      'an expression of megabytes',
      { pre_tokenizer: split('a'.repeat(5_000_000)) },
      new RegExp(`pre_tokenizer.pattern: Longer than ${LONGEST_STEP_TEXT}`),
    ],
    ['a type of megabytes', { normalizer: { type: 'x'.repeat(5_000_000) } }, /normalizer\.type/],
    [
      'an added token of megabytes',
      { added_tokens: [{ id: 0, content: 'x'.repeat(5_000_000) }] },
      /added_tokens\.0\.content/,
    ],
    [
      'more added tokens than any model has',
      {
        added_tokens: Array.from({ length: MOST_ADDED_TOKENS + 1 }, (_, id) => ({
          id,
          content: `<${id}>`,
        })),
      },
      new RegExp(`more than ${MOST_ADDED_TOKENS} added tokens`),
    ],
    [
      'a million tokens around a text',
      {
        post_processor: {
          type: 'TemplateProcessing',
          single: many({ SpecialToken: { id: 'x' } }, 1_000_000),
          special_tokens: { x: { ids: [0] } },
        },
      },
      /post_processor\.single/,
    ],
    [
      'ids that no list has room for',
      { model: { ...sound.model, vocab: { a: 2 ** 24 - 1 } } },
      /model\.vocab/,
    ],
    [
      'a merge of what the vocabulary lacks',
      { model: { ...sound.model, merges: [['a', 'x'.repeat(5_000_000)]] } },
      /merge 0 has a token/,
    ],
    [
      'a table of characters that is none',
      { normalizer: { type: 'Precompiled', precompiled_charsmap: '////' } },
      /damaged/,
    ],
  ];
  for (const [title, changes, says] of cases) {
    test(title, () => {
      assert.throws(
        () => use(changes, text),
        (error) => {
          assert.ok(error instanceof Failure, String(error));
          assert.match(error.message, says);
          assert.ok(error.message.length < 5000);
          assert.doesNotMatch(error.message, /call stack/);
          return true;
        },
      );
    }).timeout(60_000);
  }

  test('names of properties that every object has are tokens and names like any', () => {
    const json = JSON.parse(
      JSON.stringify({
        ...sound,
        added_tokens: [
          { id: 380, content: '__proto__', special: true },
          { id: 381, content: 'constructor', special: true },
        ],
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: 'toString' } }, { Sequence: { id: 'A' } }],
          special_tokens: {},
        },
      }).replace('"special_tokens":{}', '"special_tokens":{"__proto__":{"ids":[0]}}'),
    ) as Record<string, unknown>;
    const tokenizer = openTokenizer({ json, config: undefined, modelConfig: undefined });
    const tokens = tokenizer.encode('__proto__constructor', { addSpecialTokens: true });
    assert.deepEqual(
      tokens.map(({ id }) => id),
      [380, 381],
    );
  });

  test('a decoder that makes much of each token is held to a limit for all tokens together', () => {
    const decoder = replace({ Regex: '[^x]' }, 'x'.repeat(9000));
    const tokenizer = openTokenizer({
      json: { ...sound, decoder },
      config: undefined,
      modelConfig: undefined,
    });
    const grows = (error: unknown) =>
      error instanceof Failure && /more than eight times/.test(error.message);
    assert.throws(() => tokenizer.encode('1'.repeat(100), { addSpecialTokens: false }), grows);
    const { id } = tokenizer.encode('1', { addSpecialTokens: false })[0] ?? assert.fail();
    const stream = tokenizer.streamDecoder([]);
    assert.throws(() => {
      for (let count = 0; count < 100; count++) {
        stream.push(id);
      }
    }, grows);
    assert.throws(() => {
      for (let other = 0; other < tokenizer.vocabularySize; other++) {
        tokenizer.tokenText(other);
      }
    }, grows);
  });

  test('a vocabulary of 260,000 tokens opens, and as many added tokens as a model may have', () => {
    const vocab = Object.fromEntries(Array.from({ length: 260_000 }, (_, id) => [`w${id}`, id]));
    const added = Array.from({ length: MOST_ADDED_TOKENS }, (_, id) => ({
      id,
      content: `<${id}>`,
    }));
    const model = { type: 'WordLevel', vocab, unk_token: 'w0' };
    const json = { ...sound, model, added_tokens: added };
    const tokenizer = openTokenizer({ json, config: undefined, modelConfig: undefined });
    assert.equal(tokenizer.vocabularySize, 260_000 + MOST_ADDED_TOKENS);
  }).timeout(60_000);

  test('one that takes too long to be made is given up, and the next one is made', () => {
    // The content of an added token is normalized when the tokenizer is made.
    const json = {
      ...sound,
      normalizer: replace({ Regex: '(a+)+$' }, ''),
      added_tokens: [{ id: 0, content: `${'a'.repeat(50)}b`, normalized: true }],
    };
    const files = { json, config: undefined, modelConfig: undefined };
    assert.throws(
      () => openTokenizer(files, Infinity, 500),
      (error) =>
        error instanceof Failure &&
        error.where === 'tokenizer.json' &&
        /^Making the tokenizer takes more than 0\.5 s/.test(error.message),
    );
    openTokenizer({ ...files, json: sound }, Infinity, 60_000);
  });

  test('tokens that the model does not know are named', () => {
    const config = { additional_special_tokens: ['<|im_end|>'] };
    const tokenizer = openTokenizer({ json: sound, config, modelConfig: undefined }, 380);
    assert.ok(tokenizer.encode('Hello', { addSpecialTokens: true }).length > 0);
    assert.throws(
      () => tokenizer.encode('Hello<|im_end|>', { addSpecialTokens: true }),
      (error) =>
        error instanceof Failure && /“<\|im_end\|>” has the number 380/.test(error.message),
    );
  });
});

suite('engine: work within a time', () => {
  test('is stopped in the middle of a regular expression, and later work is not', () => {
    assert.throws(
      () => withinTime(100, () => /(a+)+$/.test(`${'a'.repeat(50)}b`)),
      (error) => error instanceof OutOfTime,
    );
    assert.equal(
      withinTime(60_000, () => withinTime(60_000, () => 3) + 4),
      7,
    );
  });

  test('keeps what it throws', () => {
    const thrown = new RangeError('of its own');
    assert.throws(
      () =>
        withinTime(60_000, () => {
          throw thrown;
        }),
      (error) => error === thrown,
    );
  });
});
