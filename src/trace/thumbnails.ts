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
  const { cells: rows, span: rowSpan } = tilingOf(queries, size);
  const { cells: columns, span: columnSpan } = tilingOf(keys, size);
  const tiles = new Float32Array(heads * rows * columns);
  for (let head = 0, at = 0; head < heads; head++) {
    for (let query = 0; query < queries; query++) {
      const row = (head * rows + Math.floor(query / rowSpan)) * columns;
      for (let key = 0; key < keys; key++, at++) {
        const p = pattern[at] as number;
        const cell = row + Math.floor(key / columnSpan);
        if (p > (tiles[cell] as number)) {
          tiles[cell] = p;
        }
      }
    }
  }
  return rounded(tiles, heads, rows, columns);
}

/**
 * Thumbnails of maps that are scaled down already, in the precision that a graph computes them in.
 * @param tiles the largest probability of each cell, [head][row][column].
 */
function rounded(tiles: Float32Array, heads: number, rows: number, columns: number): Thumbnails {
  const values = new Uint8Array(tiles.length);
  const maximum: number[] = [];
  for (let head = 0; head < heads; head++) {
    const from = head * rows * columns;
    const to = from + rows * columns;
    let largest = 0;
    for (let cell = from; cell < to; cell++) {
      const p = tiles[cell] as number;
      if (p > largest) {
        largest = p;
      }
    }
    maximum.push(largest);
    const scale = largest > 0 ? Math.fround(255 / largest) : 0;
    for (let cell = from; cell < to; cell++) {
      // What lies behind the point is dropped when it is stored.
      values[cell] = Math.fround(Math.fround((tiles[cell] as number) * scale) + 0.5);
    }
  }
  return { rows, columns, values, maximum };
}

/** How positions are put into cells: in order, `span` into each, though the last may have fewer. */
export interface Tiling {
  span: number;
  cells: number;
}

/** The smallest cells that a side of a map can have, if there are to be `most` at most. */
export function tilingOf(length: number, most: number): Tiling {
  const span = Math.max(1, Math.ceil(length / most));
  return { span, cells: Math.max(1, Math.ceil(length / span)) };
}
