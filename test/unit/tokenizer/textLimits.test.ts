import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { Failure } from '../../../src/shared/failure';
import {
  grownLength,
  LONGEST_STEP_TEXT,
  MOST_STEPS,
  MOST_SURROUNDING_TOKENS,
  MOST_TOKENS,
} from '../../../src/shared/limits';
import { createTokenizer } from '../../../src/tokenizer/tokenizer';

const sound = { model: { type: 'WordLevel', vocab: { '<unk>': 0 }, unk_token: '<unk>' } };
const fill = <T>(count: number, item: T): T[] => new Array<T>(count).fill(item);
const prepend = (length: number) => ({ type: 'Prepend', prepend: 'x'.repeat(length) });
const split = (length: number) => ({
  type: 'Split',
  pattern: { String: 'x'.repeat(length) },
  behavior: 'Isolated',
});

/** Makes a tokenizer and tokens of a text; answers how many. */
function tokensOf(changes: object, text = 'a', config?: object): number {
  const tokenizer = createTokenizer({ ...sound, ...changes }, config);
  return tokenizer.encode(text, { addSpecialTokens: true }).length;
}

function surrounding(tokens: number, idsOfEach: number): object {
  return {
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A' } }, ...fill(tokens - 1, { SpecialToken: { id: 'x' } })],
      special_tokens: { x: { ids: fill(idsOfEach, 0) } },
    },
  };
}

/** A normalizer that makes a text of a length of a text of one character. */
function growing(length: number): object {
  const steps = Math.floor((length - 1) / LONGEST_STEP_TEXT);
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...fill(steps, prepend(LONGEST_STEP_TEXT)),
        prepend(length - 1 - steps * LONGEST_STEP_TEXT),
      ],
    },
  };
}

suite('tokenizer: takes as much as a limit allows, and not one more', () => {
  const cases: [limit: string, make: (over: 0 | 1) => unknown, says: RegExp][] = [
    [
      'ids (MOST_TOKENS)',
      (over) =>
        tokensOf({ model: { ...sound.model, vocab: { '<unk>': 0, a: MOST_TOKENS - 1 + over } } }),
      /model\.vocab/,
    ],
    [
      'steps (MOST_STEPS)',
      (over) =>
        tokensOf({
          decoder: { type: 'Sequence', decoders: fill(MOST_STEPS + over, { type: 'Fuse' }) },
        }),
      /more than 100 steps/,
    ],
    [
      'the text that a step puts in (LONGEST_STEP_TEXT)',
      (over) => tokensOf({ normalizer: prepend(LONGEST_STEP_TEXT + over) }),
      /normalizer\.prepend/,
    ],
    [
      'the text that a step looks for (LONGEST_STEP_TEXT)',
      (over) => tokensOf({ pre_tokenizer: split(LONGEST_STEP_TEXT + over) }),
      /pre_tokenizer\.pattern/,
    ],
    [
      'an added token (LONGEST_STEP_TEXT)',
      (over) =>
        tokensOf({ added_tokens: [{ id: 1, content: 'x'.repeat(LONGEST_STEP_TEXT + over) }] }),
      /added_tokens\.0\.content/,
    ],
    [
      'a token of tokenizer_config.json (LONGEST_STEP_TEXT)',
      (over) => tokensOf({}, 'a', { mask_token: 'x'.repeat(LONGEST_STEP_TEXT + over) }),
      /mask_token/,
    ],
    [
      'what stands around a text (MOST_SURROUNDING_TOKENS)',
      (over) => tokensOf(surrounding(MOST_SURROUNDING_TOKENS + over, 1)),
      /post_processor\.single/,
    ],
    [
      'ids of one token around a text (MOST_SURROUNDING_TOKENS)',
      (over) => tokensOf(surrounding(2, MOST_SURROUNDING_TOKENS + over)),
      /post_processor\.special_tokens\.x\.ids/,
    ],
    [
      'growth of a text (grownLength)',
      (over) => tokensOf(growing(grownLength(1) + over)),
      /more than eight times/,
    ],
  ];
  for (const [limit, make, says] of cases) {
    test(limit, () => {
      make(0);
      assert.throws(
        () => make(1),
        (error) => error instanceof Failure && says.test(error.message),
      );
    });
  }

  test('entries of a list of scores (MOST_TOKENS)', () => {
    // As many as are allowed would take gigabytes of memory here.
    const vocab = fill(MOST_TOKENS + 1, ['a', 0]);
    assert.throws(
      () => tokensOf({ model: { type: 'Unigram', vocab, unk_id: 0 } }),
      /model\.vocab: Not a list of tokens and scores/,
    );
  });

  test('marks of one character that are put in order together (MOST_MARKS)', () => {
    const marks = 100_000;
    const start = process.cpuUsage();
    const text = `e${'\u0301\u0323'.repeat(marks / 2)}`;
    assert.equal(tokensOf({ normalizer: { type: 'NFD' } }, text), 1);
    const { user } = process.cpuUsage(start);
    assert.ok(user / 1000 < 5000, `${user / 1000} ms`);
  });
});
