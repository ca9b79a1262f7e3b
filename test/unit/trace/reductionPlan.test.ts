import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { planReduction } from '../../../src/trace/reductionPlan';
import { cellsOf } from '../../../src/trace/thumbnails';

suite('trace/reductionPlan', () => {
  for (const queries of [1, 7, 64, 65, 200, 512]) {
    for (const chunkBytes of [1, 4000, 2 ** 30]) {
      test(`${queries} queries in chunks of ${chunkBytes} bytes: each counts once, in its own cell`, () => {
        const plan = planReduction({ heads: 2, queries, keys: 10 }, 64, false, chunkBytes);
        const { chunks, cells, span, tileRows } = plan;
        assert.equal(tileRows.length, chunks * cells * span);
        const counted = chunksOf(plan).flatMap(({ from, to }) => range(from, to));
        assert.deepEqual(counted, range(0, queries));
        const rows = Math.min(64, queries);
        const cellOf = cellsOf(queries, rows);
        const inCells = Array.from({ length: rows }, () => new Set<number>());
        for (const [index, row] of tileRows.entries()) {
          const { from, to } = chunksOf(plan)[Math.floor(index / (cells * span))] ?? NONE;
          const query = from + Number(row);
          assert.ok(query >= from && query < to);
          const cell = Math.min(Math.floor(index / span), rows - 1);
          assert.equal(cellOf[query], cell);
          inCells[cell]?.add(query);
        }
        assert.equal(
          inCells.reduce((sum, { size }) => sum + size, 0),
          queries,
        );
      });
    }
  }

  test('chunks are about as large as each other', () => {
    const size = { queries: 256, keys: 256 };
    const { chunks, cells } = planReduction({ heads: 12, ...size }, 64, false);
    assert.deepEqual([chunks, cells], [2, 32]);
  });

  test('of a causal map, the keys behind a chunk’s last query are left out', () => {
    const limits = (keys: number, isCausal: boolean): number[] =>
      chunksOf(planReduction({ heads: 1, queries: 6, keys }, 3, isCausal, 1)).map(
        ({ limit }) => limit,
      );
    assert.deepEqual(limits(6, true), [2, 4, 6]);
    assert.deepEqual(limits(6, false), [6, 6, 6]);
    // The last query stands on the last key: those before come of a cache.
    assert.deepEqual(limits(10, true), [6, 8, 10]);
    assert.deepEqual(limits(1, true), [1, 1, 1]);
  });

  test('columns hold their keys, the last one repeated', () => {
    const size = { heads: 1, queries: 1, keys: 5 };
    const { columns, columnSpan, columnKeys } = planReduction(size, 3, false);
    assert.deepEqual([columns, columnSpan], [3, 2]);
    assert.deepEqual([...columnKeys], [0n, 1n, 2n, 3n, 4n, 4n]);
  });

  test('marks queries on themselves and on the position before, as far as these are keys', () => {
    const { marks, weights } = planReduction({ heads: 1, queries: 4, keys: 2 }, 64, false);
    // Cells (0, 0), (1, 1), then (1, 0), (2, 1).
    assert.deepEqual([...marks], [0n, 3n, 2n, 5n]);
    assert.deepEqual([...weights], [1, 1, 0, 0, 0, 0, 1, 1]);
  });

  test('a chunk of many heads has fewer rows', () => {
    const size = { queries: 2048, keys: 2048 };
    const few = planReduction({ heads: 1, ...size }, 64, false);
    const many = planReduction({ heads: 12, ...size }, 64, false);
    assert.ok(few.cells > many.cells);
    assert.ok(12 * many.cells * many.span * 2048 * 4 <= 2 ** 22);
  });

  for (const tokens of [1024, 2048, 4096]) {
    test(`of ${tokens} tokens little is fed to a graph, and little comes out of a layer`, () => {
      const heads = 16;
      const plan = planReduction({ heads, queries: tokens, keys: tokens }, 64, true);
      const fed = Object.values(plan).filter((value) => ArrayBuffer.isView(value));
      assert.equal(fed.length, 6);
      const bytesFed = fed.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const tiles = plan.chunks * plan.columns * heads * plan.cells;
      const others = plan.chunks * heads * 3 + heads * tokens + heads * 3;
      assert.ok(bytesFed < 2 ** 18, `${bytesFed} bytes are fed`);
      assert.ok(tiles + 4 * others < 2 ** 19, `${tiles + 4 * others} bytes come out`);
      // Memory for what is computed on the way: a row of tiles at least, whatever the chunk's size.
      const chunk = 4 * heads * plan.cells * plan.span * tokens;
      assert.ok(chunk <= 2 ** 24, `${chunk} bytes of a map are looked at together`);
    });
  }
});

const NONE = { from: 0, to: 0, limit: 0 };

/** The queries of each chunk, and the key behind the last that is looked at. */
function chunksOf({ chunks, starts, ends }: ReturnType<typeof planReduction>): (typeof NONE)[] {
  return range(0, chunks).map((chunk) => ({
    from: Number(starts[2 * chunk]),
    to: Number(ends[2 * chunk]),
    limit: Number(ends[2 * chunk + 1]),
  }));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
