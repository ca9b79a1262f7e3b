import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { agrees, largestDifference } from '../../../src/shared/referenceRun';

suite('shared/referenceRun', () => {
  test('the largest difference is that of all rows, the logits’ included', () => {
    const sites = [1e-7, 3e-6, 2e-7].map((maxAbsDiff, layer) => ({ id: `${layer}`, maxAbsDiff }));
    assert.equal(largestDifference({ sites, logits: { maxAbsDiff: 1e-6, scale: 10 } }), 3e-6);
    assert.equal(largestDifference({ sites, logits: { maxAbsDiff: 2e-5, scale: 10 } }), 2e-5);
    assert.equal(largestDifference({ sites: [], logits: { maxAbsDiff: 1e-6, scale: 1 } }), 1e-6);
  });

  test('logits may differ by more than probabilities where they are larger', () => {
    const sites = [{ id: 'a', maxAbsDiff: 1e-6 }];
    assert.ok(agrees({ sites, logits: { maxAbsDiff: 5e-4, scale: 10 } }));
    assert.ok(!agrees({ sites, logits: { maxAbsDiff: 5e-4, scale: 1 } }));
  });
});
