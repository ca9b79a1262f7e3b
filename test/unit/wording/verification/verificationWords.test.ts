import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { inEnglish } from '../../../../src/shared/failure';
import {
  firstDifference,
  isWithinTolerance,
  largestDifference,
  verdictOf,
  type LogitsDifference,
  type Verification,
  type WeightsCheck,
} from '../../../../src/shared/verification';
import { percentUp, roundedUp } from '../../../../src/wording/verification/roundedUp';
import { verificationWords } from '../../../../src/wording/verification/verificationWords';

const LOGITS: LogitsDifference = {
  maxAbsDiff: 4e-5,
  tolerance: 1e-3,
  scale: 10,
  spread: 2,
  tokens: 7,
  sameLikeliest: 7,
};

/** By more than float32 explains, and less than rounding in fewer bits does. */
const ROUNDED: LogitsDifference = { ...LOGITS, maxAbsDiff: 0.01, tolerance: 0.05 };

const NOT_FINITE = { runtime: 3, reference: 0, values: 70 };

const RIGHT: Verification = {
  sites: [
    { id: 'blocks.0.attn', maxAbsDiff: 2e-6, tolerance: 1e-4 },
    { id: 'blocks.1.attn', maxAbsDiff: 3e-6, tolerance: 1e-4 },
  ],
  logits: LOGITS,
  cachedStep: { ...LOGITS, maxAbsDiff: 5e-5, tokens: 1, sameLikeliest: 1 },
  quantized: false,
  half: false,
  followed: false,
  unfollowed: [],
  saturating: false,
  weights: { kind: 'absent' },
};

/** A value was rounded to another integer than in the reference. */
const FLIPPED: Partial<Verification> = {
  followed: true,
  logits: ROUNDED,
};

const EQUAL: WeightsCheck = {
  kind: 'compared',
  file: 'model.safetensors',
  weights: 20,
  values: 5000,
  unmatched: 1,
  inGraphs: { compared: 20, weights: 22 },
  otherShapes: [],
  reshaped: 0,
  different: [],
  differing: 0,
};

const RESHAPED: WeightsCheck = {
  ...EQUAL,
  otherShapes: [{ name: 'lm_head.weight', saved: [40, 16], inGraph: [48, 16] }],
  reshaped: 1,
};

const ALTERED: WeightsCheck = {
  ...EQUAL,
  different: [
    {
      ...{ name: 'lm_head.weight', count: 2, values: 640, first: 3, last: 9 },
      ...{ maxAbsDiff: 0.5, notFinite: 0 },
    },
  ],
  differing: 1,
};

suite('wording/verification', () => {
  test('the largest difference is that of layers, logits and the cached step', () => {
    const { sites } = RIGHT;
    const lacking = { lacking: 'noCache' } as const;
    assert.equal(largestDifference(RIGHT), 5e-5);
    assert.equal(largestDifference({ ...RIGHT, cachedStep: lacking }), 4e-5);
    assert.equal(largestDifference({ sites, cachedStep: lacking }), 3e-6);
    assert.equal(largestDifference({ sites: [], cachedStep: lacking }), 0);
  });

  const verdicts: [string, Partial<Verification>, string][] = [
    ['all within float32', {}, 'matches'],
    [
      'an attention that differs',
      { sites: [{ id: 'a', maxAbsDiff: 2e-4, tolerance: 1e-4 }] },
      'differs',
    ],
    [
      'NaN, whatever rounding is not followed',
      { unfollowed: ['blocks'], logits: { ...LOGITS, notFinite: NOT_FINITE } },
      'differs',
    ],
    ['a step that differs', { cachedStep: { ...LOGITS, maxAbsDiff: 1 } }, 'differs'],
    ['equal weights', { weights: EQUAL }, 'matches'],
    ['other weights', { weights: ALTERED }, 'differs'],
    ['weights of another shape', { weights: RESHAPED }, 'differs'],
    ['rounding that is explained', { half: true, logits: ROUNDED }, 'rounded'],
    ['scores of a wrong scale', { half: true, logits: ROUNDED, sites: scaled(0.01) }, 'differs'],
    ['scores of a scale within rounding', { half: true, sites: scaled(0.003) }, 'rounded'],
    ['rounding that is not followed', { unfollowed: ['blocks'], logits: ROUNDED }, 'unclear'],
    ['rounding that is not followed and does nothing', { unfollowed: ['blocks'] }, 'matches'],
    [
      'rounding that shorter texts explain',
      { ...FLIPPED, shorter: { of: 34, agreeing: 6, tried: 2, chance: 0.1 } },
      'rounded',
    ],
    [
      'rounding that shorter texts do not explain',
      { ...FLIPPED, shorter: { of: 34, tried: 3, chance: 1e-5 } },
      'differs',
    ],
    [
      'rounding that shorter texts leave open',
      { ...FLIPPED, shorter: { of: 34, tried: 3, chance: 0.2 } },
      'unclear',
    ],
    ['rounding that no shorter text was looked at for', FLIPPED, 'unclear'],
    [
      'more than rounding to other integers explains',
      { followed: true, logits: { ...ROUNDED, maxAbsDiff: 2 } },
      'differs',
    ],
    [
      'sums that are cut off',
      { saturating: true, cachedStep: { ...LOGITS, maxAbsDiff: 1 } },
      'unclear',
    ],
  ];
  for (const [what, change, verdict] of verdicts) {
    test(`${what}: ${verdict}`, () => assert.equal(verdictOf({ ...RIGHT, ...change }), verdict));
  }
});

suite('wording/verification: where numbers are off first', () => {
  const sites = ['encoder.blocks.0.attn', 'decoder.blocks.0.attn', 'decoder.blocks.0.cross_attn'];
  const off = (...wrong: string[]): Pick<Verification, 'sites' | 'logits' | 'cachedStep'> => ({
    sites: sites.map((id) => ({
      id,
      maxAbsDiff: wrong.includes(id) ? 1 : 0,
      tolerance: 0.1,
    })),
    logits: { ...LOGITS, maxAbsDiff: wrong.includes('logits') ? 1 : 0 },
    cachedStep: { ...LOGITS, maxAbsDiff: wrong.includes('step') ? 1 : 0 },
  });

  test('is the first in the order of computing, with the layer of the same stack before', () => {
    const [first = '', second = '', third = ''] = sites;
    const place = (...wrong: string[]) => {
      const found = firstDifference(off(...wrong), isWithinTolerance);
      return found?.kind === 'attention' ? [found.site.id, found.before] : found?.kind;
    };
    assert.deepEqual(place(third, 'logits', 'step'), [third, second]);
    assert.deepEqual(place(second, third), [second, undefined]);
    assert.deepEqual(place(first, third), [first, undefined]);
    assert.equal(place('logits', 'step'), 'logits');
    assert.equal(place('step'), 'cachedStep');
    assert.equal(place(), undefined);
  });
});

suite('wording/verification: sentences', () => {
  const wordsOf = (change: Partial<Verification>) => {
    const { badge, sentences, rows } = verificationWords({ ...RIGHT, ...change });
    return {
      badge: inEnglish(badge),
      sentences: sentences.map(({ text }) => inEnglish('kind' in text ? text.what : text)),
      rows,
    };
  };
  const said = (change: Partial<Verification>): string[] => wordsOf(change).sentences;

  test('say what was compared, with figures, and what was not', () => {
    assert.deepEqual(said({}), [
      'This run matches the ONNX weights: a second implementation, written in plain TypeScript, computed the same from them, up to float32 rounding.',
      'Logits: they differ by at most 4.0e-5, which is <0.1% of their standard deviation of 2.00. The likeliest token is the same at 7 of 7 places.',
      'Steps from the key–value cache: the logits of the last token differ by at most 5.0e-5, which is <0.1% of their standard deviation.',
      'Attention probabilities, compared in 2 places: they differ by at most 3.0e-6.',
      'Whether the weights themselves are right was not checked: no model.safetensors lies beside the graph.',
    ]);
    const { logits: _, ...bare } = RIGHT;
    const words = verificationWords({ ...bare, cachedStep: { lacking: 'oneToken' } });
    const sentences = words.sentences.map(({ text }) => ('kind' in text ? '' : inEnglish(text)));
    assert.deepEqual(sentences.slice(1, 3), [
      'No logits were compared: the graph has no output layer.',
      'No cached step was compared: the text has only one token.',
    ]);
    assert.equal(inEnglish(words.badge), 'Verified: |Δ| ≤ 3.0e-6');
  });

  test('never call numbers verified that are apart by what 8-bit rounding explains', () => {
    const shorter = { of: 34, agreeing: 6, tried: 2, chance: 0.1 };
    const { badge, sentences } = wordsOf({ ...FLIPPED, shorter });
    assert.equal(badge, 'Agrees within 8-bit rounding: |Δ| 0.010, bound 0.050');
    assert.match(sentences[0] ?? '', /^This run agrees .* within 8-bit rounding/);
    assert.ok(
      sentences.includes(
        'On the first 6 of 34 tokens alone the two agree up to float32 rounding. An error that shows only behind them is not ruled out by that.',
      ),
    );
    assert.ok(
      sentences.some((each) => each.includes('That explains differences up to 0.050 here')),
    );
  });

  test('say that all but the cached step agrees where that is so', () => {
    const shorter = { of: 34, agreeing: 6, tried: 2, chance: 0.1 };
    const sentences = said({ followed: true, cachedStep: ROUNDED, shorter });
    assert.ok(
      sentences.includes(
        'All tokens computed at once agree up to float32 rounding; only the step from the key–value cache differs by more. On the first 6 of 34 tokens alone it agrees as well.',
      ),
    );
    assert.ok(!sentences.some((each) => each.includes('alone the two agree')));
  });

  test('say how large an error could hide in half precision', () => {
    const { badge, sentences } = wordsOf({ half: true, logits: ROUNDED, sites: scaled(0.003) });
    assert.equal(badge, 'Agrees within float16 rounding: |Δ| 0.010, bound 0.050');
    assert.ok(
      sentences.includes(
        'An error could hide in this rounding only if, on this text, it changes no probability by more than 1.0e-3, no logit by more than 0.050, and the scale of no layer’s attention scores by more than 0.4%.',
      ),
    );
  });

  test('name what is off first, by how much, and what can be the cause', () => {
    const { sites } = RIGHT;
    const [first, second] = sites;
    assert.ok(first && second);
    assert.deepEqual(said({ sites: [first, { ...second, maxAbsDiff: 0.2 }] }).slice(1, 3), [
      'The first part that differs: the attention probabilities of blocks.1.attn, by up to 0.20; the limit is 1.0e-4.',
      'Those of blocks.0.attn agree, so the cause most likely lies behind them: in the values, the output or the feed-forward network there, or in the norm, queries, keys, scale, mask and softmax of blocks.1.attn.',
    ]);
    assert.match(said({ logits: { ...LOGITS, maxAbsDiff: 1 } })[1] ?? '', /the logits, by up to/);
    assert.match(
      said({ cachedStep: { ...LOGITS, maxAbsDiff: 1 } })[1] ?? '',
      /^Only the step from the key–value cache is off/,
    );
    const { badge, sentences } = wordsOf({ half: true, sites: scaled(0.01) });
    assert.equal(badge, 'Differs: scale of attention scores');
    assert.equal(
      sentences[2],
      'The probabilities are as if the scores had been multiplied by 1.010; rounding explains a deviation of 0.4%. Other errors may look the same.',
    );
  });

  test('say where values are NaN or infinite, and in which of the two', () => {
    const { badge, sentences, rows } = wordsOf({ logits: { ...LOGITS, notFinite: NOT_FINITE } });
    assert.equal(badge, 'Differs: NaN or infinite values');
    assert.ok(
      sentences.includes(
        'Logits: of 70 values 3 of the runtime and 0 of the reference are NaN or infinite.',
      ),
    );
    assert.ok(![...sentences, JSON.stringify(rows)].some((each) => /up to NaN|"NaN"/.test(each)));
  });

  test('name the weights that differ, and say that the run is right', () => {
    assert.deepEqual(said({ weights: ALTERED }).slice(-4), [
      'Weights with other values than in model.safetensors: 1 of 20 that were compared.',
      'lm_head.weight: 2 of 640 values differ, from value 3 to value 9 (counted from 0), by up to 0.50.',
      'Of 22 weights that the graphs hold, 20 were compared with model.safetensors.',
      'Weights of model.safetensors that were not compared, as the graph has none under that name or computes with others that were made from them: 1.',
    ]);
    const { badge, sentences } = wordsOf({ weights: ALTERED });
    assert.equal(badge, 'Weights differ from model.safetensors');
    assert.match(sentences[0] ?? '', /agrees with the ONNX weights, but/);
  });

  test('name the weights that have another shape', () => {
    const sentences = said({ weights: { ...RESHAPED, weights: 1 } });
    assert.ok(sentences.includes('lm_head.weight: saved as [40, 16], in the graph [48, 16].'));
    assert.ok(
      sentences.includes(
        'All 5000 values of 1 weight are those of model.safetensors, as far as the graph’s types hold them.',
      ),
    );
  });

  test('never call a difference of unfollowed rounding none', () => {
    const words = said({ unfollowed: ['fixedScales'], logits: ROUNDED });
    assert.equal(words[0], 'Whether this run matches the ONNX weights cannot be told.');
    assert.ok(
      words.includes(
        'Rounding of that kind may make differences up to about 0.050 here: Verify cannot tell those from an error.',
      ),
    );
    assert.ok(words.some((sentence) => sentence.includes('QuantizeLinear')));
  });

  test('say of unfollowed rounding how far beyond it a run is', () => {
    const words = said({ unfollowed: ['fixedScales'], logits: { ...ROUNDED, maxAbsDiff: 0.65 } });
    assert.ok(
      words.includes(
        'Rounding of that kind makes differences of about 0.050 here, and what was found is up to 13 times as large: an error, or a file whose scales suit this text badly. Verify cannot tell which.',
      ),
      words.join('\n'),
    );
  });

  test('blame weights that differ, and not a run that cannot be told of', () => {
    const { badge, sentences } = wordsOf({
      ...{ unfollowed: ['fixedScales'], logits: ROUNDED, weights: ALTERED },
    });
    assert.equal(badge, 'Weights differ from model.safetensors');
    assert.equal(
      sentences[0],
      'The ONNX weights are not those of model.safetensors. Whether this run matches the ONNX weights cannot be told.',
    );
    assert.ok(!sentences.some((each) => /first part that differs/.test(each)));
  });

  test('name only the scale of scores where probabilities are within their limit', () => {
    const words = said({ half: true, sites: scaled(0.01) });
    assert.ok(
      words.includes('The first part that differs: the scale of the scores of blocks.0.attn.'),
    );
  });

  test('explain every figure of the table', () => {
    const { rows } = wordsOf({ half: true, sites: scaled(0.003), weights: EQUAL });
    assert.deepEqual(
      rows.map(({ name, value, limit }) => [
        typeof name === 'string' ? name : inEnglish(name),
        value,
        limit,
      ]),
      [
        ['blocks.0.attn', '2.0e-4', '1.0e-3'],
        ['scale of the scores of blocks.0.attn', '0.3%', '0.4%'],
        ['logits', '4.0e-5', '1.0e-3'],
        ['logits of a cached step', '5.0e-5', '1.0e-3'],
        ['weights that differ', '0 / 20', ''],
      ],
    );
    assert.ok(rows.every(({ meaning }) => inEnglish(meaning).length > 0));
  });

  test('figures are rounded up to two digits', () => {
    assert.deepEqual([0, 1.01e-6, 3e-6, 0.011, 0.5, 0.4601, 1.21, 15, 151, 99.9].map(roundedUp), [
      ...['0', '1.1e-6', '3.0e-6', '0.011', '0.50', '0.47', '1.3', '15', '160', '100'],
    ]);
    assert.deepEqual([0, 1e-6, 0.003, 0.1501, NaN].map(percentUp), [
      ...['0.0%', '<0.1%', '0.3%', '15.1%', '–'],
    ]);
  });
});

/** A layer whose probabilities are within rounding, but for the scale of its scores. */
function scaled(error: number): Verification['sites'] {
  return [
    {
      id: 'blocks.0.attn',
      maxAbsDiff: 2e-4,
      tolerance: 1e-3,
      scoreScale: { error, tolerance: 2 ** -8 },
    },
  ];
}
