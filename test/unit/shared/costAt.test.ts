import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { costAt } from '../../../src/shared/costAt';

suite('shared/costAt', () => {
  const sizes = { batch: 2, tokens: 3, past: 5, source: 7 };

  test('is the sum of all terms, each size to its power', () => {
    assert.equal(costAt([], sizes), 0);
    assert.equal(costAt([{ coefficient: 4, powers: {} }], sizes), 4);
    const terms = [
      { coefficient: 10, powers: { batch: 1, tokens: 2 } },
      { coefficient: 1, powers: { past: 1, source: 3 } },
      { coefficient: -1, powers: { tokens: 1 } },
    ];
    assert.equal(costAt(terms, sizes), 10 * 2 * 9 + 5 * 343 - 3);
  });

  test('nothing cached is 0, and what does not depend on it is not', () => {
    const terms = [
      { coefficient: 3, powers: { past: 1 } },
      { coefficient: 2, powers: { batch: 1 } },
    ];
    assert.equal(costAt(terms, { ...sizes, past: 0 }), 4);
  });
});
