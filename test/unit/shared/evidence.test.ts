import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { directionOf, estimate } from '../../../src/shared/evidence';
import { plusMinus } from '../../../src/wording/plusMinus';

suite('shared: what a mean of few values says', () => {
  test('the standard error of a mean', () => {
    // numpy: v = np.array([2, 4, 4, 4, 5, 5, 7, 9]); v.mean(); v.std(ddof=1) / np.sqrt(8)
    const found = estimate([2, 4, 4, 4, 5, 5, 7, 9]);
    assert.ok(found?.standardError !== undefined);
    assert.equal(found.mean, 5);
    assert.ok(Math.abs(found.standardError - 0.7559289460184544) < 1e-12);
  });

  test('one value has a mean and no standard error; none has neither', () => {
    assert.deepEqual(estimate([3]), { mean: 3 });
    assert.equal(estimate([]), undefined);
  });

  for (const [mean, standardError, count, expected] of [
    [-0.21, 0.1, 10, 'less'],
    [0.21, 0.1, 10, 'more'],
    [-0.19, 0.1, 10, 'unclear'],
    [0.2, 0.1, 10, 'unclear'],
    [0, 0, 10, 'unclear'],
    [-5, 0.1, 5, 'tooFew'],
  ] as const) {
    test(`${mean}, off by ${standardError}, of ${count} values: ${expected}`, () => {
      assert.equal(directionOf({ mean, standardError }, count), expected);
    });
  }

  for (const [mean, standardError, expected] of [
    [-0.1278, 0.0301, '−0.128 ± 0.060'],
    [0.00123, 0.00021, '0.00123 ± 0.00042'],
    [-0.001, 0.2, '0.00 ± 0.40'],
    [-1.5, 0, '−1.500 ± 0.000'],
    [-12.34, 30, '−12.34 ± 60.00'],
  ] as const) {
    test(`it is written ${expected}`, () => {
      assert.equal(plusMinus({ mean, standardError }), expected);
    });
  }

  test('a single value is written without what it may be off by', () => {
    assert.equal(plusMinus({ mean: -0.25 }), '−0.250');
  });
});
