import { colorCount, colorShare, type ColorMap } from './colorMap';

/** Probabilities of queries (rows) on keys (columns), or a scaled-down version of them. */
export interface ProbabilityGrid {
  rows: number;
  columns: number;
  /** [row][column], 0 … `maximum`. */
  values: Float32Array | Uint8Array;
  /** The value that gets the last colour. */
  maximum: number;
  /** True if a row cannot see the columns behind its own index. The grid is square then. */
  causal: boolean;
}

/** Stands in a pooled grid for a cell that its query cannot see at all. */
export const masked = -1;

/** Whether the query of `row` is kept from seeing `column`, which is not the same as weight 0. */
export function isMasked(grid: ProbabilityGrid, row: number, column: number): boolean {
  return grid.causal && column > row;
}

/**
 * Brings a grid to another size: a new cell holds the largest value of all cells it overlaps, so
 * that a single strong weight is never lost. Cells that are masked throughout become
 * {@link masked}.
 *
 * @returns [row][column], `rows` × `columns`
 */
export function pool(grid: ProbabilityGrid, rows: number, columns: number): Float32Array {
  const pooled = new Float32Array(rows * columns).fill(masked);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = overlap(row, rows, grid.rows);
    for (let column = 0; column < columns; column++) {
      const [left, right] = overlap(column, columns, grid.columns);
      let largest = masked;
      for (let query = top; query < bottom; query++) {
        const end = grid.causal ? Math.min(right, query + 1) : right;
        for (let key = left; key < end; key++) {
          largest = Math.max(largest, grid.values[query * grid.columns + key] ?? masked);
        }
      }
      pooled[row * columns + column] = largest;
    }
  }
  return pooled;
}

/**
 * Paints pooled values.
 *
 * @returns red, green, blue, alpha as bytes, in the order of `values`; masked cells are transparent
 */
export function paint(
  values: Float32Array,
  maximum: number,
  colors: ColorMap,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (const [index, value] of values.entries()) {
    if (value === masked) {
      continue;
    }
    const color = 3 * Math.round(colorShare(value, maximum) * (colorCount - 1));
    pixels[index * 4] = colors[color] ?? 0;
    pixels[index * 4 + 1] = colors[color + 1] ?? 0;
    pixels[index * 4 + 2] = colors[color + 2] ?? 0;
    pixels[index * 4 + 3] = 255;
  }
  return pixels;
}

/** The half-open range of `length` source cells that cell `index` of `count` touches. */
function overlap(index: number, count: number, length: number): [start: number, end: number] {
  return [Math.floor((index * length) / count), Math.ceil(((index + 1) * length) / count)];
}
