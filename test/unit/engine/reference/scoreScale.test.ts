import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { countSameTopToken, meanLogitDeviation } from '../../../../src/engine/reference/logitRows';
import { scoreScale } from '../../../../src/engine/reference/scoreScale';
import numpy from '../../../fixtures/trace/rounding.json';

const { keys, vocabulary } = numpy;
const [expected, actual, rounded, logits, others] = [
  numpy.expected,
  numpy.actual,
  numpy.rounded,
  numpy.logits,
  numpy.others,
].map((values) => Float32Array.from(values)) as [
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
];

suite('engine: the scale of scores, and what logits are small against', () => {
  test('scores that are 1% too large are that of numpy, whatever float16 makes of them', () => {
    const found = scoreScale(expected, actual, [], keys);
    assert.ok(found);
    assert.ok(Math.abs(found.error - numpy.error) < 1e-6, `${found.error}`);
    assert.ok(Math.abs(found.error - 0.01) < 0.001);
    assert.equal(found.tolerance, 2 ** -8);
  });

  test('what a rounded run is off by widens the bound', () => {
    const bias = scoreScale(expected, rounded, [], keys)?.error ?? NaN;
    assert.ok(Math.abs(bias - numpy.bias) < 1e-6, `${bias}`);
    // Forty times the rounding, so that the bound is above the least one.
    const wide = rounded.map((value, i) => {
      const own = expected[i] ?? 0;
      return own + 40 * (value - own);
    });
    const { tolerance = NaN } = scoreScale(expected, expected, [wide], keys) ?? {};
    const bound = 40 * Math.max(2 * Math.abs(numpy.bias), 4 * numpy.deviation);
    assert.ok(bound > 2 ** -8 && Math.abs(tolerance / bound - 1) < 1e-3, `${tolerance} ${bound}`);
  });

  test('where no query has a choice, nothing is estimated', () => {
    const alone = Float32Array.of(1, 0, 1, 0);
    assert.equal(scoreScale(alone, alone, [], 2), undefined);
  });

  test('the spread of logits and the places with the same likeliest token are those of numpy', () => {
    assert.ok(Math.abs(meanLogitDeviation(logits, vocabulary) - numpy.spread) < 1e-6);
    assert.equal(countSameTopToken(logits, others, vocabulary), numpy.same);
    assert.equal(countSameTopToken(logits, logits, vocabulary), logits.length / vocabulary);
  });
});
