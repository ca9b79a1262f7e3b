import { visibleKeys, type ReadHead } from './readHead';

/**
 * How much of a head's attention is foretold by the offset from query to key alone, 0…1: the mean
 * overlap Σ min(p, p̂) of each row with the one that every row would be if it followed the mean
 * attention to each offset, cut to the keys that the query sees and scaled to sum to 1.
 */
export function positionalShare(head: ReadHead): number {
  const { map } = head;
  const queries = head.queries.length;
  const keys = head.keys.length;
  // By offset key − query, the smallest of which is 1 − queries.
  const byOffset = new Float64Array(queries + keys);
  const counts = new Float64Array(queries + keys);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < visibleKeys(head, query); key++) {
      const offset = key - query + queries;
      byOffset[offset] = (byOffset[offset] ?? 0) + (map[query * keys + key] ?? 0);
      counts[offset] = (counts[offset] ?? 0) + 1;
    }
  }
  const mean = byOffset.map((sum, offset) => sum / Math.max(1, counts[offset] ?? 0));
  let overlap = 0;
  let rows = 0;
  for (let query = 0; query < queries; query++) {
    const count = visibleKeys(head, query);
    if (count > 1) {
      const foretold = mean.subarray(queries - query, queries - query + count);
      const total = foretold.reduce((sum, p) => sum + p, 0) || 1;
      foretold.forEach((p, key) => {
        overlap += Math.min(p / total, map[query * keys + key] ?? 0);
      });
      rows++;
    }
  }
  return overlap / Math.max(1, rows);
}
