import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { logAxis, logTicks } from '../../../../../webview/inspector/cost/logAxis';
import { operationCount, smallQuantity } from '../../../../../webview/inspector/cost/quantities';

suite('webview: quantities', () => {
  test('operations have a prefix for each three digits', () => {
    assert.deepEqual([0, 12, 2_700_000, 160_000_000, 1e9, 4.7e9, 3e21].map(operationCount), [
      '0',
      '12',
      '2.7 M',
      '160 M',
      '1 G',
      '4.7 G',
      '3000 E',
    ]);
  });

  test('small quantities have one, too', () => {
    assert.deepEqual(
      [0, 34e-3, 3.7e-6, 1.5, 250, 5400].map((value) => smallQuantity(value, 'J')),
      ['0 J', '34 mJ', '3.7 µJ', '1.5 J', '250 J', '5.4 kJ'],
    );
  });

  test('marks are powers, as many as have room', () => {
    assert.deepEqual(logTicks(logAxis(1, 4096), 8, 6), [1, 8, 64, 512, 4096]);
    assert.deepEqual(logTicks(logAxis(10, 1e9), 10, 5), [10, 1000, 100_000, 1e7, 1e9]);
    assert.ok(Math.abs(logAxis(1, 4096).at(64) - 0.5) < 1e-12);
  });
});
