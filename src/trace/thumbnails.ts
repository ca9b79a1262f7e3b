import type { Thumbnails } from '../shared/attention';

/**
 * Scales all maps of a layer down by max pooling, so that single bright cells stay visible, and
 * each head by its own maximum, so that broad heads do not come out black.
 *
 * @param pattern probabilities [head][query][key].
 * @param size cells at most on each side, at least 1. Smaller maps keep their size.
 */
export function thumbnails(
  pattern: Float32Array,
  heads: number,
  queries: number,
  keys: number,
  size: number,
): Thumbnails {
  const rows = Math.min(queries, size);
  const columns = Math.min(keys, size);
  const rowOf = cells(queries, rows);
  const columnOf = cells(keys, columns);
  const pooled = new Float32Array(rows * columns);
  const values = new Uint8Array(heads * rows * columns);
  const maximum: number[] = [];
  for (let head = 0, at = 0; head < heads; head++) {
    pooled.fill(0);
    let largest = 0;
    for (let query = 0; query < queries; query++) {
      const row = (rowOf[query] as number) * columns;
      for (let key = 0; key < keys; key++, at++) {
        const p = pattern[at] as number;
        const cell = row + (columnOf[key] as number);
        if (p > (pooled[cell] as number)) {
          pooled[cell] = p;
          if (p > largest) {
            largest = p;
          }
        }
      }
    }
    maximum.push(largest);
    const scale = largest > 0 ? 255 / largest : 0;
    for (let cell = 0, to = head * pooled.length; cell < pooled.length; cell++, to++) {
      values[to] = Math.round((pooled[cell] as number) * scale);
    }
  }
  return { rows, columns, values, maximum };
}

/** Which of `count` cells, as equal as can be, each of `length` positions falls into. */
function cells(length: number, count: number): Uint32Array {
  return Uint32Array.from({ length }, (_, position) => Math.floor((position * count) / length));
}
