import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { planReduction } from '../../../src/trace/reductionPlan';
import { tilingOf } from '../../../src/trace/thumbnails';

suite('trace/reductionPlan', () => {
  for (const queries of [1, 7, 64, 65, 200, 512]) {
    for (const chunkBytes of [1, 4000, 2 ** 30]) {
      test(`${queries} queries in chunks of ${chunkBytes} bytes: each counts once, in its own tile`, () => {
        const plan = planReduction({ heads: 2, queries, keys: 10 }, 64, false, chunkBytes);
        const { span, cells: rows } = tilingOf(queries, 64);
        assert.equal(plan.rows, rows);
        assert.equal(plan.queries, plan.cells * span);
        assert.deepEqual([...plan.queryTiles], [0, 0, plan.cells, span, -1].map(BigInt));
        const seen = chunksOf(plan).flatMap(({ from, to }) => range(from, to));
        assert.deepEqual(seen, range(0, plan.chunks * plan.queries));
        assert.deepEqual([...plan.queryNumbers], seen);
        // What lies behind the map is less than a chunk.
        assert.ok(seen.length >= queries && seen.length - queries < plan.queries);
      });
    }
  }

  test('chunks are about as large as each other', () => {
    const size = { queries: 256, keys: 256 };
    const { chunks, cells } = planReduction({ heads: 24, ...size }, 64, false);
    assert.deepEqual([chunks, cells], [2, 32]);
  });

  test('of a causal map, tiles of keys behind a chunk’s last query are left out', () => {
    const limits = (keys: number, isCausal: boolean): number[] =>
      chunksOf(planReduction({ heads: 1, queries: 6, keys }, 3, isCausal, 1)).map(
        ({ limit }) => limit,
      );
    assert.deepEqual(limits(6, true), [2, 4, 6]);
    assert.deepEqual(limits(6, false), [6, 6, 6]);
    // The last query stands on the last key: those before come of a cache. Tiles have 4 keys.
    assert.deepEqual(limits(10, true), [8, 8, 12]);
    assert.deepEqual(limits(1, true), [1, 1, 1]);
  });

  test('all chunks have the same columns of tiles', () => {
    const plan = planReduction({ heads: 1, queries: 6, keys: 6 }, 3, true, 1);
    assert.deepEqual([plan.columns, [...plan.keyNumbers].length], [3, 6]);
    assert.deepEqual([...plan.keyTiles], [0n, 0n, -1n, 2n]);
    const missing = range(0, plan.chunks).map((chunk) => Number(plan.tilePads[8 * chunk + 7]));
    assert.deepEqual(missing, [2, 1, 0]);
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
    assert.ok(12 * many.queries * 2048 * 4 <= 2 ** 22);
  });

  for (const tokens of [1024, 2048, 4096]) {
    test(`of ${tokens} tokens little is fed to a graph, and little comes out of a layer`, () => {
      const heads = 16;
      const plan = planReduction({ heads, queries: tokens, keys: tokens }, 64, true);
      const fed = Object.values(plan).filter((value) => ArrayBuffer.isView(value));
      assert.equal(fed.length, 8);
      const bytesFed = fed.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const tiles = plan.chunks * plan.columns * heads * plan.cells;
      const others = plan.chunks * heads * 3 + heads * tokens + heads * 3;
      assert.ok(bytesFed < 2 ** 18, `${bytesFed} bytes are fed`);
      assert.ok(tiles + 4 * others < 2 ** 19, `${tiles + 4 * others} bytes come out`);
      // Memory for what is computed on the way: a row of tiles at least, whatever the chunk's size.
      const chunk = 4 * heads * plan.queries * tokens;
      assert.ok(chunk <= 2 ** 24, `${chunk} bytes of a map are looked at together`);
    });
  }
});

/** The queries of each chunk, and the key behind the last that is looked at. */
function chunksOf({
  chunks,
  windows,
}: ReturnType<typeof planReduction>): { from: number; to: number; limit: number }[] {
  return range(0, chunks).map((chunk) => {
    const [, , before, , , , to, limit] = [...windows.subarray(8 * chunk, 8 * chunk + 8)];
    return { from: -Number(before), to: Number(to), limit: Number(limit) };
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
