import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { percent, percentNumber } from '../../../src/shared/percent';

suite('shared/percent', () => {
  test('a share as a language writes it, as exactly as it is asked for', () => {
    assert.equal(percent(0.12345, 'en', { maximumSignificantDigits: 2 }), '12%');
    assert.equal(percent(0.12345, 'en', { maximumSignificantDigits: 3 }), '12.3%');
    const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    assert.equal(percent(0.5, 'en', oneDecimal), '50.0%');
    assert.equal(percent(0.5, 'de', oneDecimal), '50,0\u00a0%');
  });

  test('a number without the sign: a decimal below the share that it begins at', () => {
    assert.equal(percentNumber(0.0999, 0.1), '10.0');
    assert.equal(percentNumber(0.1, 0.1), '10');
    assert.equal(percentNumber(0.0154, 0.02), '1.5');
    assert.equal(percentNumber(0.0254, 0.02), '3');
  });
});
