import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  isMasked,
  masked,
  paint,
  pool,
  type ProbabilityGrid,
} from '../../../../webview/chart/probabilityGrid';

function grid(rows: number[][], causal = false): ProbabilityGrid {
  const values = Float32Array.from(rows.flat());
  const columns = rows[0]?.length ?? 0;
  return { rows: rows.length, columns, values, maximum: Math.max(...values), causal };
}

suite('webview: probability grid', () => {
  test('pooling to the same size changes nothing', () => {
    const rows = [
      [0.25, 0.75],
      [0.5, 0.5],
    ];
    assert.deepEqual([...pool(grid(rows), 2, 2)], rows.flat());
  });

  test('a single strong weight survives being scaled down', () => {
    const rows = Array.from({ length: 64 }, () => new Array<number>(64).fill(0));
    const row = rows[37];
    assert.ok(row);
    row[50] = 1;
    const small = pool(grid(rows), 5, 5);
    assert.equal(Math.max(...small), 1);
    assert.equal(small.indexOf(1), Math.floor((37 * 5) / 64) * 5 + Math.floor((50 * 5) / 64));
  });

  test('scaled up, every cell covers its part', () => {
    const rows = [
      [0, 1],
      [0.5, 0.25],
    ];
    assert.deepEqual(
      [...pool(grid(rows), 4, 4)],
      [0, 0, 1, 1, 0, 0, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.5, 0.5, 0.25, 0.25],
    );
  });

  test('rows and columns may differ in number', () => {
    assert.deepEqual([...pool(grid([[0.125, 0.5, 0.25, 0.125]]), 1, 2)], [0.5, 0.25]);
  });

  test('what a query cannot see is masked, and is not read', () => {
    const rows = [
      [1, 0.75],
      [0.5, 0.5],
    ];
    const causal = grid(rows, true);
    assert.deepEqual([...pool(causal, 2, 2)], [1, masked, 0.5, 0.5]);
    assert.equal(isMasked(causal, 0, 1), true);
    assert.equal(isMasked(causal, 1, 1), false);
    assert.equal(isMasked(grid(rows), 0, 1), false);
  });

  test('a pooled cell is masked only if nothing in it can be seen', () => {
    const rows = Array.from({ length: 4 }, () => [0.25, 0.25, 0.25, 0.25]);
    assert.deepEqual([...pool(grid(rows, true), 2, 2)], [0.25, masked, 0.25, 0.25]);
  });

  test('paints 0 in the first colour, the maximum in the last, masked cells not at all', () => {
    const colors = new Uint8ClampedArray(256 * 3).map((_, index) => Math.floor(index / 3));
    assert.deepEqual(
      [...paint(Float32Array.of(0, 0.5, masked, 0.125), 0.5, colors)],
      [0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0, 128, 128, 128, 255],
    );
  });

  test('a map of zeros is painted in the first colour', () => {
    const colors = new Uint8ClampedArray(256 * 3).fill(7);
    assert.deepEqual([...paint(Float32Array.of(0), 0, colors)], [7, 7, 7, 255]);
  });
});
