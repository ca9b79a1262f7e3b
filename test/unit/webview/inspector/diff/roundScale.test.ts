import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { roundScale } from '../../../../../webview/inspector/diff/roundScale';

suite('webview/inspector/diff/roundScale', () => {
  test('two to five lines at round figures, none above the largest value', () => {
    for (const largest of [0.0085, 0.0053, 1, 2, 3.7, 9.99, 47, 1e-7, 12345]) {
      const { top, ticks } = roundScale(largest);
      assert.equal(top, largest);
      assert.ok(ticks.length >= 2 && ticks.length <= 5, `${largest}: ${ticks.length}`);
      for (const tick of ticks) {
        assert.ok(tick <= largest * (1 + 1e-9));
        const digits = Number((tick / 10 ** Math.floor(Math.log10(tick))).toFixed(6));
        assert.ok(Number.isInteger(digits), `${tick}`);
      }
    }
  });

  test('of nothing there is nothing to draw', () => {
    for (const largest of [0, NaN, Infinity, -1]) {
      assert.deepEqual(roundScale(largest), { top: 0, ticks: [] });
    }
  });
});
