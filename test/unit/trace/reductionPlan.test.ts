import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { planReduction } from '../../../src/trace/reductionPlan';
import { cellsOf } from '../../../src/trace/thumbnails';

suite('trace/reductionPlan', () => {
  for (const queries of [1, 7, 64, 65, 200, 512]) {
    for (const chunkBytes of [1, 4000, 2 ** 30]) {
      test(`${queries} queries in chunks of ${chunkBytes} bytes: each counts once, in its own cell`, () => {
        const plan = planReduction({ heads: 2, queries, keys: 10 }, 64, chunkBytes);
        const { chunks, cells, span, rows, counts } = plan;
        assert.equal(rows.length, chunks * cells * span);
        assert.equal(counts.length, rows.length);
        const counted = [...rows].filter((_, index) => counts[index] === 1);
        assert.deepEqual(
          counted,
          Array.from({ length: queries }, (_, query) => BigInt(query)),
        );
        const cellOf = cellsOf(queries, Math.min(64, queries));
        for (const [index, query] of rows.entries()) {
          const cell = Math.min(Math.floor(index / span), Math.min(64, queries) - 1);
          assert.equal(cellOf[Number(query)], cell);
        }
      });
    }
  }

  test('columns hold their keys, the last one repeated', () => {
    const { columns, columnSpan, columnKeys } = planReduction({ heads: 1, queries: 1, keys: 5 }, 3);
    assert.deepEqual([columns, columnSpan], [3, 2]);
    assert.deepEqual([...columnKeys], [0n, 1n, 2n, 3n, 4n, 4n]);
  });

  test('marks queries on themselves and on the position before, as far as these are keys', () => {
    const { marks, weights } = planReduction({ heads: 1, queries: 4, keys: 2 }, 64);
    // Cells (0, 0), (1, 1), then (1, 0), (2, 1).
    assert.deepEqual([...marks], [0n, 3n, 2n, 5n]);
    assert.deepEqual([...weights], [1, 1, 0, 0, 0, 0, 1, 1]);
  });

  test('a chunk of many heads has fewer rows', () => {
    const size = { queries: 2048, keys: 2048 };
    const few = planReduction({ heads: 1, ...size }, 64);
    const many = planReduction({ heads: 12, ...size }, 64);
    assert.ok(few.cells > many.cells);
    assert.ok(12 * many.cells * many.span * 2048 * 4 <= 2 ** 22);
  });

  for (const tokens of [1024, 2048, 4096]) {
    test(`of ${tokens} tokens little is fed to a graph, and little comes out of a layer`, () => {
      const heads = 16;
      const plan = planReduction({ heads, queries: tokens, keys: tokens }, 64);
      const fed = [plan.rows, plan.counts, plan.columnKeys, plan.marks, plan.weights];
      const bytesFed = fed.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const tiles = plan.chunks * plan.columns * heads * plan.cells;
      const others = plan.chunks * heads * 3 + heads * tokens + heads * 2;
      assert.ok(bytesFed < 2 ** 18, `${bytesFed} bytes are fed`);
      assert.ok(4 * (tiles + others) < 2 ** 20, `${4 * (tiles + others)} bytes come out`);
      // Memory for what is computed on the way: a row of tiles at least, whatever the chunk's size.
      const chunk = 4 * heads * plan.cells * plan.span * tokens;
      assert.ok(chunk <= 2 ** 24, `${chunk} bytes of a map are looked at together`);
    });
  }
});
