import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { formatFigure, formatProbability } from '../../../../webview/ui/numbers';

suite('webview: numbers', () => {
  for (const [value, text] of [
    [0.12344, '0.1234'],
    [1, '1.0000'],
    [0, '0.0000'],
    [0.00005, '0.0001'],
    [0.000031, '3.1e-5'],
  ] as const) {
    test(`probability ${value} reads ${text}`, () => {
      assert.equal(formatProbability(value), text);
    });
  }

  test('a figure has two decimals', () => {
    assert.equal(formatFigure(12.345), '12.35');
    assert.equal(formatFigure(0), '0.00');
  });
});
