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
  const isRead = matrix.columns - width <= READ_ALONG;
  const stride = isRead ? matrix.columns : width;
  const atOnce = isRead ? Math.max(1, Math.floor(STRETCH / matrix.columns)) : 1;
  const cells = new Cells(tile, height, width);
  for (let done = 0; done < height; done += atOnce) {
    work.signal.throwIfAborted();
    const count = Math.min(atOnce, height - done);
    const first = (row + done) * matrix.columns + (isRead ? 0 : column);
    const values = await numbers.read(first, count * stride);
    for (let i = 0; i < count; i++) {
      cells.addRow(values, i * stride + (isRead ? column : 0), done + i);
    }
    work.report((done + count) / height);
    await work.pause();
  }
  return tile;
}

/** The cells of a tile, filled row by row. */
class Cells {
  /** Where the cells of a row begin, and the last ends. */
  private readonly borders: Float64Array;

  constructor(
    private readonly tile: TensorTile,
    private readonly height: number,
    width: number,
  ) {
    const { columns } = tile;
    this.borders = Float64Array.from({ length: columns + 1 }, (_, cell) =>
      Math.floor((cell * width) / columns),
    );
  }

  /** @param start of the row among the values. @param row in the window. */
  addRow(values: Numbers, start: number, row: number): void {
    const { borders, tile, height } = this;
    // The last cell that begins no later.
    const cellRow = Math.floor(((row + 1) * tile.rows - 1) / height);
    const at = cellRow * tile.columns;
    for (let cell = 0; cell < tile.columns; cell++) {
      let farthest = tile.values[at + cell] ?? 0;
      const end = start + (borders[cell + 1] ?? 0);
      for (let i = start + (borders[cell] ?? 0); i < end; i++) {
        const value = values[i] ?? 0;
        // NaN is no smaller than anything, and nothing is larger than it.
        farthest =
          Math.abs(value) <= Math.abs(farthest) || farthest !== farthest ? farthest : value;
      }
      tile.values[at + cell] = farthest;
    }
  }
}
