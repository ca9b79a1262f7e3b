import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { cellSize, isCrisp, visibleLabels } from '../../../../webview/chart/plotLayout';

suite('webview: plot layout', () => {
  const room = { width: 204, height: Number.POSITIVE_INFINITY };

  test('cells are square and whole device pixels', () => {
    const cell = cellSize(room, { rows: 40, columns: 40 }, 2);
    assert.deepEqual(cell, { width: 5, height: 5 });
    assert.deepEqual(cellSize(room, { rows: 38, columns: 38 }, 2), { width: 5, height: 5 });
    assert.equal(isCrisp(cell, 2), true);
  });

  test('very small cells fill the room instead', () => {
    const cell = cellSize(room, { rows: 512, columns: 512 }, 1);
    assert.deepEqual(cell, { width: 204 / 512, height: 204 / 512 });
    assert.equal(isCrisp(cell, 1), false);
  });

  test('the smaller side of the room decides', () => {
    const cell = cellSize({ width: 900, height: 200 }, { rows: 20, columns: 20 }, 1);
    assert.deepEqual(cell, { width: 10, height: 10 });
  });

  test('a short text does not become a chequerboard', () => {
    const cell = cellSize({ width: 900, height: 900 }, { rows: 3, columns: 3 }, 1);
    assert.deepEqual(cell, { width: 32, height: 32 });
  });

  test('few rows of many columns do not become a line', () => {
    const { width, height } = cellSize(room, { rows: 4, columns: 300 }, 1);
    assert.equal(width, 204 / 300);
    assert.equal(height, 16);
  });

  for (const ratio of [1, 1.25, 1.5, 2, 3]) {
    test(`the plot stays within its room at ${ratio} device pixels`, () => {
      for (let tokens = 1; tokens <= 600; tokens++) {
        const { width } = cellSize(room, { rows: tokens, columns: tokens }, ratio);
        assert.ok(width > 0 && width * tokens <= room.width + 1e-9, `${tokens} tokens`);
      }
    });
  }

  test('all labels are drawn where they fit', () => {
    assert.deepEqual(visibleLabels(4, 13, 13), [0, 1, 2, 3]);
  });

  test('labels never come closer than a line', () => {
    assert.deepEqual(visibleLabels(7, 5, 13), [0, 3, 6]);
    for (const cell of [0.4, 1, 3.3, 6.5, 12.9, 40]) {
      const shown = visibleLabels(512, cell, 13);
      assert.equal(shown[0], 0);
      for (const [position, index] of shown.entries()) {
        const before = shown[position - 1];
        assert.ok(index < 512);
        assert.ok(before === undefined || (index - before) * cell >= 13 - 1e-9);
      }
    }
  });

  test('an axis without tokens has no labels', () => {
    assert.deepEqual(visibleLabels(0, 10, 13), []);
  });
});
