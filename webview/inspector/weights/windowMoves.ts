import type { TensorWindow } from '../../../src/shared/tensorListing';

/** Sizes of a matrix: rows are all dimensions but the last one. */
export interface MatrixSize {
  rows: number;
  columns: number;
}

/** A tensor as a matrix. A vector has one row, and a scalar one column, too. */
export function matrixSize(dims: readonly number[]): MatrixSize {
  const columns = dims.at(-1) ?? 1;
  return { rows: dims.slice(0, -1).reduce((product, size) => product * size, 1), columns };
}

export function wholeWindow({ rows, columns }: MatrixSize): TensorWindow {
  return { row: 0, rows, column: 0, columns };
}

/** The least that a window shows of each side. */
const LEAST = 4;

/**
 * A window that is so many times as large, about a point of it.
 * @param at where the point is, 0…1 of the window's height and width.
 */
export function zoomed(
  window: TensorWindow,
  factor: number,
  at: { row: number; column: number },
  whole: MatrixSize,
): TensorWindow {
  const side = (from: number, length: number, size: number, share: number): [number, number] => {
    const next = Math.max(Math.min(LEAST, size), Math.min(size, Math.round(length * factor)));
    return [clamp(Math.round(from + share * (length - next)), size - next), next];
  };
  const [row, rows] = side(window.row, window.rows, whole.rows, at.row);
  const [column, columns] = side(window.column, window.columns, whole.columns, at.column);
  return { row, rows, column, columns };
}

/** A window moved by shares of its height and width, within the matrix. */
export function moved(
  window: TensorWindow,
  by: { row: number; column: number },
  whole: MatrixSize,
): TensorWindow {
  return {
    ...window,
    row: clamp(window.row + Math.round(by.row * window.rows), whole.rows - window.rows),
    column: clamp(
      window.column + Math.round(by.column * window.columns),
      whole.columns - window.columns,
    ),
  };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
