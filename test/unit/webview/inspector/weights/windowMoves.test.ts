import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  matrixSize,
  moved,
  wholeWindow,
  zoomed,
} from '../../../../../webview/inspector/weights/windowMoves';

const middle = { row: 0.5, column: 0.5 };

suite('webview: windows on a matrix', () => {
  test('rows are all dimensions but the last', () => {
    assert.deepEqual(matrixSize([2, 3, 5]), { rows: 6, columns: 5 });
    assert.deepEqual(matrixSize([7]), { rows: 1, columns: 7 });
    assert.deepEqual(matrixSize([]), { rows: 1, columns: 1 });
  });

  test('zooming keeps the point and the borders', () => {
    const whole = { rows: 160, columns: 160 };
    const half = zoomed(wholeWindow(whole), 0.5, middle, whole);
    assert.deepEqual(half, { row: 40, rows: 80, column: 40, columns: 80 });
    assert.deepEqual(zoomed(half, 8, middle, whole), wholeWindow(whole));
    const corner = zoomed(wholeWindow(whole), 0.5, { row: 0, column: 1 }, whole);
    assert.deepEqual(corner, { row: 0, rows: 80, column: 80, columns: 80 });
    let window = wholeWindow(whole);
    for (let step = 0; step < 20; step++) window = zoomed(window, 0.5, middle, whole);
    assert.deepEqual([window.rows, window.columns], [4, 4]);
    const vector = { rows: 1, columns: 512 };
    assert.equal(zoomed(wholeWindow(vector), 0.5, middle, vector).rows, 1);
  });

  test('moving ends at the borders', () => {
    const whole = { rows: 10, columns: 10 };
    const window = { row: 2, rows: 4, column: 2, columns: 4 };
    assert.deepEqual(moved(window, { row: 0.5, column: -5 }, whole), {
      ...window,
      row: 4,
      column: 0,
    });
    assert.equal(moved(window, { row: 9, column: 0 }, whole).row, 6);
  });
});
