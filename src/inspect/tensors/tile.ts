import type { TensorTile, TensorWindow } from '../../shared/tensorListing';
import type { Numbers } from '../../weights/numbers';
import { countOf, type TensorNumbers } from './tensorNumbers';
import type { Work } from './work';
import { STRETCH } from './work';

/** Columns outside the window that are rather read along with the others than stepped over row by row. */
const READ_ALONG = 2 ** 14;

/** A tensor as a matrix: all dimensions but the last are rows. A vector is one row. */
export function matrixSize({ dims }: TensorNumbers): { rows: number; columns: number } {
  const columns = dims.at(-1) ?? 1;
  return { rows: dims.slice(0, -1).reduce((product, size) => product * size, 1), columns };
}

/**
 * A stretch of a matrix scaled down to so many cells at most. Only its rows are read. Cell `r` of `n` has
 * the rows from ⌊r × height / n⌋ on, and columns likewise.
 *
 * @param window cut where it goes beyond the matrix.
 * @throws the signal's reason; Failure as reading the tensor does.
 */
export async function tileOf(
  numbers: TensorNumbers,
  window: TensorWindow,
  size: { rows: number; columns: number },
  work: Work,
): Promise<TensorTile> {
  const matrix = matrixSize(numbers);
  const row = Math.min(window.row, matrix.rows);
  const column = Math.min(window.column, matrix.columns);
  const height = Math.min(window.rows, matrix.rows - row);
  const width = countOf(numbers) === 0 ? 0 : Math.min(window.columns, matrix.columns - column);
  const rows = Math.min(size.rows, width === 0 ? 0 : height);
  const columns = Math.min(size.columns, rows === 0 ? 0 : width);
  const tile = { rows, columns, values: new Float32Array(rows * columns) };
  if (rows === 0) {
    return tile;
  }
  const cells = new Cells(tile, height, width);
  for (const { top, count, left, right } of piecesOf(matrix.columns, height, { column, width })) {
    work.signal.throwIfAborted();
    const stride = count === 1 ? right - left : matrix.columns;
    const values = await numbers.read((row + top) * matrix.columns + left, count * stride);
    for (let i = 0; i < count; i++) {
      // What was read along with the window is none of it.
      const from = Math.max(left, column);
      const to = Math.min(right, column + width);
      cells.add(values, i * stride + from - left, top + i, from - column, to - column);
    }
    work.report((top + count) / height);
    await work.pause();
  }
  return tile;
}

/** Rows of the window, and columns of the matrix, that are read at a time. */
interface Piece {
  top: number;
  count: number;
  left: number;
  right: number;
}

/** Several whole rows at a time where they are short, and parts of one where they are long. */
function* piecesOf(
  columns: number,
  height: number,
  { column, width }: { column: number; width: number },
): Generator<Piece> {
  const isWhole = columns - width <= READ_ALONG && columns <= STRETCH;
  if (isWhole) {
    const atOnce = Math.floor(STRETCH / columns);
    for (let top = 0; top < height; top += atOnce) {
      yield { top, count: Math.min(atOnce, height - top), left: 0, right: columns };
    }
    return;
  }
  for (let top = 0; top < height; top++) {
    for (let left = column; left < column + width; left += STRETCH) {
      yield { top, count: 1, left, right: Math.min(column + width, left + STRETCH) };
    }
  }
}

/** The cells of a tile, filled row by row. */
class Cells {
  /** Where the cells of a row begin, and the last ends. */
  private readonly borders: Float64Array;

  constructor(
    private readonly tile: TensorTile,
    private readonly height: number,
    private readonly width: number,
  ) {
    const { columns } = tile;
    this.borders = Float64Array.from({ length: columns + 1 }, (_, cell) =>
      Math.floor((cell * width) / columns),
    );
  }

  /**
   * Takes columns `from … to − 1` of a row of the window.
   * @param start where they begin among the values.
   */
  add(values: Numbers, start: number, row: number, from: number, to: number): void {
    const { borders, tile, height } = this;
    // The last cell that begins no later.
    const cellRow = Math.floor(((row + 1) * tile.rows - 1) / height);
    const first = Math.floor(((from + 1) * tile.columns - 1) / this.width);
    for (let cell = first; cell < tile.columns && (borders[cell] ?? to) < to; cell++) {
      const at = cellRow * tile.columns + cell;
      let farthest = tile.values[at] ?? 0;
      const begin = start + Math.max(from, borders[cell] ?? 0) - from;
      const end = start + Math.min(to, borders[cell + 1] ?? to) - from;
      for (let i = begin; i < end; i++) {
        const value = values[i] ?? 0;
        const isFarther = Math.abs(value) > Math.abs(farthest) || Number.isNaN(value);
        // Nothing is farther than NaN.
        farthest = isFarther ? value : farthest;
      }
      tile.values[at] = farthest;
    }
  }
}
