import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { TracedToken } from '../../../../src/shared/attention';
import { inEnglish } from '../../../../src/shared/failure';
import type { Effect } from '../../../../src/shared/referenceRun';
import { effectSentences } from '../../../../src/wording/effect/effectSentences';
import {
  elsewhereHint,
  elsewhereSentences,
} from '../../../../src/wording/effect/elsewhereSentences';
import type { Sentence } from '../../../../src/wording/sentence';

suite('wording/effect', () => {
  const tokens: TracedToken[] = Array.from({ length: 10 }, (_, id) => ({
    ...{ id, text: `w${id}`, piece: `w${id}`, start: 0, end: 0, special: false },
  }));
  const effect = (more: Partial<Effect>): Effect => ({
    way: 'before',
    tokens: tokens.map((_, token) => ({
      token,
      before: 0.5,
      after: token === 3 ? 0.1 : token === 5 ? 0.95 : 0.49,
    })),
    ratable: 10,
    meanLogChange: -0.2,
    standardError: 0.05,
    divergence: 0.0204,
    position: 9,
    top: [],
    ...more,
  });
  const words = (sentences: readonly Sentence[]): string =>
    sentences.map(({ text }) => inEnglish(text)).join(' ');

  test('a clear effect has a direction, and its figure ± two standard errors', () => {
    const said = words(effectSentences(effect({}), { decoder: tokens }));
    assert.equal(
      said,
      'Without this head the model finds the text’s tokens 18% less likely on average (−0.20 ± 0.10 nats over 10 tokens). The ± takes the tokens as independent, which those of one text are not: it may be too small. Most of all “w3”: 50% becomes 10%. What the model expects at each place changes by 0.020 nats (mean divergence).',
    );
    const more = words(effectSentences(effect({ meanLogChange: 0.2 }), { decoder: tokens }));
    assert.match(more, /22% more likely .*Most of all “w5”: 50% becomes 95%/);
  });

  test('below two standard errors no direction is told', () => {
    const said = words(effectSentences(effect({ standardError: 0.11 }), { decoder: tokens }));
    assert.match(
      said,
      /^No clear effect on this text as a whole: .* −0\.20 ± 0\.22 nats .* 10 tokens\./,
    );
    assert.match(said, /The largest change is at “w5”: 50% becomes 95%\./);
    assert.doesNotMatch(said, /less likely|more likely|Most of all/);
  });

  test('of few tokens it is said that they are few', () => {
    const few = effect({ standardError: 0.01, tokens: effect({}).tokens.slice(0, 4) });
    const said = words(effectSentences(few, { decoder: tokens }));
    assert.match(said, /^Tokens measured: 4, too few for a clear answer \(−0\.200 ± 0\.020 nats/);
    assert.doesNotMatch(said, /likely/);
  });

  test('masked tokens are said to be masked, and how many of them', () => {
    const masked = effect({ way: 'masked' });
    assert.match(
      words(effectSentences(masked, { decoder: tokens })),
      /each token was masked in turn\.$/,
    );
    const sample = { ...masked, ratable: 300 };
    assert.match(
      words(effectSentences(sample, { decoder: tokens })),
      /10 of the 300 tokens were masked in turn/,
    );
  });

  test('of a model with two stacks, it is said that the tokens are those of the result', () => {
    const sequences = { encoder: tokens.slice(0, 2), decoder: tokens };
    for (const [more, expected] of [
      [{}, /^Without this head the model finds the result’s tokens 18% less likely/],
      [
        { meanLogChange: 0.2 },
        /^Without this head the model finds the result’s tokens 22% more likely .* “w5”/,
      ],
      [{ standardError: 0.11 }, /^No clear effect on this result as a whole: /],
    ] as const) {
      const sentences = effectSentences(effect(more), sequences);
      const [first] = sentences;
      assert.match(words(sentences), expected);
      assert.ok(first);
      assert.match(
        inEnglish(first.meaning),
        /guessed from the source and the tokens of the result/,
      );
    }
  });

  test('of one token no ± is told, nor explained', () => {
    const { standardError: _, ...one } = effect({ tokens: effect({}).tokens.slice(0, 1) });
    for (const way of ['before', 'masked'] as const) {
      const sentences = effectSentences({ ...one, way }, { decoder: tokens });
      assert.match(words(sentences), /^Tokens measured: 1, too few /);
      for (const { text, meaning } of sentences) {
        assert.doesNotMatch(`${inEnglish(text)} ${inEnglish(meaning)}`, /±|two standard errors/);
      }
    }
  });

  test('of a blank, what the model expects there is told, and no mean', () => {
    const { meanLogChange: _, standardError: __, ...rest } = effect({});
    const top = [
      { id: 1, text: 'file', before: 0.5, after: 0.2 },
      { id: 2, text: 'list', before: 0.3, after: 0.35 },
    ];
    const said = words(effectSentences({ ...rest, way: 'blank', tokens: [], ratable: 1, top }, {}));
    assert.equal(
      said,
      'Of the likeliest tokens for the blank, “file” changes most: 50% with this head, 20% without it. The first choice “file” (50% with this head) becomes “list” (35% without it). What the model expects there changes by 0.020 nats (divergence). It is one place, and says nothing of others.',
    );
    const [file, list] = [
      { id: 1, text: 'file', before: 0.5, after: 0.49 },
      { id: 2, text: 'list', before: 0.3, after: 0.1 },
    ];
    const other: Effect = { ...rest, way: 'blank', tokens: [], ratable: 1, top: [file, list] };
    assert.match(
      words(effectSentences(other, {})),
      /^Of the likeliest tokens for the blank, “list” changes most: 30% .* stays “file”/,
    );
  });

  test('after a blank, more of the document is another question, and said to be one', () => {
    assert.match(
      inEnglish(elsewhereHint(effect({ way: 'blank' }))),
      /masked in turn: that is another/,
    );
    for (const way of ['before', 'masked'] as const) {
      assert.match(
        inEnglish(elsewhereHint(effect({ way }))),
        /^Measure the same on further pieces/,
      );
    }
  });

  test('of further pieces: mean, ± two standard errors, and how many have which sign', () => {
    const pieces = Array.from({ length: 20 }, (_, index) => ({
      meanLogChange: index < 18 ? -0.1 : 0.05,
      tokens: 12,
    }));
    const found = { pieces, available: 57, meanLogChange: -0.085, standardError: 0.01 };
    assert.equal(
      words(elsewhereSentences(found)),
      'On 20 further pieces of the document the tokens are 8.1% less likely on average without this head (−0.085 ± 0.020 nats). 18 of the pieces become less likely, 2 more likely. The document has 57 such pieces; those measured are spread evenly over it.',
    );
    const unclear = words(elsewhereSentences({ ...found, standardError: 0.05, available: 20 }));
    assert.match(unclear, /^No clear effect on 20 further pieces .* −0\.09 ± 0\.10 nats/);
    assert.doesNotMatch(unclear, /such pieces/);
    const few = words(elsewhereSentences({ ...found, pieces: pieces.slice(0, 2) }));
    assert.match(few, /^Further pieces of the document: 2, too few for a clear answer/);
  });
});
