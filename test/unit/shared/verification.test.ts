import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/shared/failure';
import {
  largestDifference,
  verdictOf,
  type Verification,
  type WeightsCheck,
} from '../../../src/shared/verification';
import { roundedUp, verificationWords } from '../../../src/shared/verificationWords';

const RIGHT: Verification = {
  sites: [
    { id: 'blocks.0.attn', maxAbsDiff: 2e-6, tolerance: 1e-4 },
    { id: 'blocks.1.attn', maxAbsDiff: 3e-6, tolerance: 1e-4 },
  ],
  logits: { maxAbsDiff: 4e-5, tolerance: 1e-3, scale: 10, tokens: 7 },
  cachedStep: { maxAbsDiff: 5e-5, tolerance: 1e-3, scale: 10 },
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
  logits: { maxAbsDiff: 0.01, tolerance: 0.05, scale: 10, tokens: 7 },
};

const EQUAL: WeightsCheck = {
  kind: 'compared',
  file: 'model.safetensors',
  weights: 20,
  values: 5000,
  unmatched: 1,
  different: [],
  differing: 0,
};

const ALTERED: WeightsCheck = {
  ...EQUAL,
  different: [
    { name: 'lm_head.weight', count: 2, values: 640, first: 3, last: 9, maxAbsDiff: 0.5 },
  ],
  differing: 1,
};

suite('shared/verification', () => {
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
    ['no number', { logits: { maxAbsDiff: NaN, tolerance: 1, scale: 1, tokens: 1 } }, 'differs'],
    ['a step that differs', { cachedStep: { maxAbsDiff: 1, tolerance: 0.1, scale: 1 } }, 'differs'],
    ['equal weights', { weights: EQUAL }, 'matches'],
    ['other weights', { weights: ALTERED }, 'differs'],
    [
      'rounding that is explained',
      { half: true, logits: { maxAbsDiff: 0.01, tolerance: 0.05, scale: 10, tokens: 7 } },
      'matches',
    ],
    [
      'rounding that is not followed',
      {
        unfollowed: ['blocks'],
        logits: { maxAbsDiff: 0.01, tolerance: 0.05, scale: 10, tokens: 7 },
      },
      'unclear',
    ],
    ['rounding that is not followed and does nothing', { unfollowed: ['blocks'] }, 'matches'],
    [
      'rounding that shorter texts explain',
      { ...FLIPPED, shorter: { agreeing: 6, tried: 2, chance: 0.1 } },
      'matches',
    ],
    [
      'rounding that shorter texts do not explain',
      { ...FLIPPED, shorter: { tried: 3, chance: 1e-5 } },
      'differs',
    ],
    [
      'rounding that shorter texts leave open',
      { ...FLIPPED, shorter: { tried: 3, chance: 0.2 } },
      'unclear',
    ],
    ['rounding that no shorter text was looked at for', FLIPPED, 'unclear'],
    [
      'more than rounding to other integers explains',
      { followed: true, logits: { maxAbsDiff: 2, tolerance: 0.05, scale: 10, tokens: 7 } },
      'differs',
    ],
    [
      'sums that are cut off',
      { saturating: true, cachedStep: { maxAbsDiff: 1, tolerance: 0.1, scale: 1 } },
      'unclear',
    ],
  ];
  for (const [what, change, verdict] of verdicts) {
    test(`${what}: ${verdict}`, () => assert.equal(verdictOf({ ...RIGHT, ...change }), verdict));
  }
});

suite('shared/verificationWords', () => {
  const said = (change: Partial<Verification>): string[] =>
    verificationWords({ ...RIGHT, ...change }).sentences.map((each) =>
      'kind' in each ? inEnglish(each.what) : inEnglish(each),
    );

  test('say what was compared, with figures, and what was not', () => {
    assert.deepEqual(said({}), [
      'This run matches the ONNX weights: a second implementation, written in plain TypeScript, computed the same from them, up to rounding.',
      'Attention of 2 layers: its probabilities differ by at most 3.0e-6.',
      'Logits of 7 tokens: they differ by at most 4.0e-5, where the largest is 10.0.',
      'Steps from the key–value cache: the logits of the last token differ by at most 5.0e-5.',
      'Whether the weights themselves are right was not checked: no model.safetensors lies beside the graph.',
    ]);
    const { logits: _, ...bare } = RIGHT;
    const words = verificationWords({ ...bare, cachedStep: { lacking: 'oneToken' } });
    const sentences = words.sentences.map((each) => ('kind' in each ? '' : inEnglish(each)));
    assert.deepEqual(sentences.slice(2, 4), [
      'No logits were compared: the graph has no output layer.',
      'No cached step was compared: the text has only one token.',
    ]);
    assert.equal(inEnglish(words.badge), 'Verified: |Δ| ≤ 3.0e-6');
  });

  test('name the weights that differ, and say that the run is right', () => {
    assert.deepEqual(said({ weights: ALTERED }).slice(-3), [
      'Weights that are not those of model.safetensors: 1 of 20.',
      'lm_head.weight: 2 of 640 values differ, the first is number 3 and the last number 9, by up to 5.0e-1.',
      'Weights of model.safetensors that the graph has none of that name for: 1.',
    ]);
    const { badge, sentences } = verificationWords({ ...RIGHT, weights: ALTERED });
    assert.equal(inEnglish(badge), 'Other weights than were saved');
    assert.match(JSON.stringify(sentences[0]), /matches the ONNX weights, but/);
  });

  test('never call a difference of unfollowed rounding none', () => {
    const logits = { maxAbsDiff: 0.01, tolerance: 0.05, scale: 10, tokens: 7 };
    const words = said({ unfollowed: ['fixedScales'], logits });
    assert.equal(words[0], 'Whether this run matches the ONNX weights cannot be told.');
    assert.ok(
      words.includes(
        'Rounding of that kind may make differences up to about 5.0e-2 here: Verify cannot tell those from an error.',
      ),
    );
    assert.ok(words.some((sentence) => sentence.includes('QuantizeLinear')));
  });

  test('figures are rounded up to two digits', () => {
    assert.deepEqual([0, 1.01e-6, 3e-6, 0.5, NaN].map(roundedUp), [
      ...['0', '1.1e-6', '3.0e-6', '5.0e-1', 'NaN'],
    ]);
  });
});
