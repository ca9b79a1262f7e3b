/** A cell of a grid. */
export interface GridPosition {
  row: number;
  column: number;
}

/** A grid whose rows may differ in length. */
export interface GridShape {
  rows: number;
  columnsIn(row: number): number;
  /** Rows that Page Up and Page Down move by. */
  page: number;
}

/** The part of a keyboard event that movement depends on. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
}

/**
 * Where a key leads, by the grid pattern of the ARIA Authoring Practices: arrows, Home and End
 * within the row, Page Up and Page Down, Ctrl+Home and Ctrl+End for the first and last cell.
 *
 * @returns the cell, which is `from` itself at an edge, or undefined if the key is not for moving
 */
export function moveInGrid(
  { key, ctrlKey }: KeyPress,
  from: GridPosition,
  shape: GridShape,
): GridPosition | undefined {
  const { row, column } = from;
  const end = Number.POSITIVE_INFINITY;
  switch (key) {
    case 'ArrowLeft':
      return within(shape, row, column - 1);
    case 'ArrowRight':
      return within(shape, row, column + 1);
    case 'ArrowUp':
      return within(shape, row - 1, column);
    case 'ArrowDown':
      return within(shape, row + 1, column);
    case 'PageUp':
      return within(shape, row - shape.page, column);
    case 'PageDown':
      return within(shape, row + shape.page, column);
    case 'Home':
      return within(shape, ctrlKey ? 0 : row, 0);
    case 'End':
      return within(shape, ctrlKey ? end : row, end);
    default:
      return undefined;
  }
}

/**
 * Where a key leads in a single row: the arrows to its sides, Home and End.
 *
 * @param count cells in the row
 * @returns the cell, which is `from` itself at an end, or undefined if the key is not for moving
 */
export function moveInRow(press: KeyPress, from: number, count: number): number | undefined {
  const shape = { rows: 1, columnsIn: () => count, page: 1 };
  return rowKeys.has(press.key)
    ? moveInGrid(press, { row: 0, column: from }, shape)?.column
    : undefined;
}

const rowKeys = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End']);

function within(shape: GridShape, row: number, column: number): GridPosition {
  const nearestRow = clamp(row, shape.rows);
  return { row: nearestRow, column: clamp(column, shape.columnsIn(nearestRow)) };
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1));
}
