import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { lengthsWithin } from '../../../../src/engine/reference/shorterTexts';

suite('engine/reference/shorterTexts', () => {
  test('long beginnings are tried before short ones, and none is the whole text', () => {
    assert.deepEqual(lengthsWithin(34), [33, 24, 16, 8, 6, 5, 4, 3, 2]);
    assert.deepEqual(lengthsWithin(900), [64, 48, 32, 8, 6, 5, 4, 3, 2]);
    assert.deepEqual(lengthsWithin(9), [8, 6, 5, 4, 3, 2]);
    assert.deepEqual(lengthsWithin(3), [2]);
    assert.deepEqual(lengthsWithin(1), []);
  });
});
