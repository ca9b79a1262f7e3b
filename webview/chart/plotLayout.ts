/** Width and height, in CSS pixels unless said otherwise. */
export interface Size {
  width: number;
  height: number;
}

/**
 * How large the cells of a map are drawn. They are square, but for maps with so few rows that
 * squares would make a thin line: their cells are taller. Cells of three device pixels and more are
 * whole device pixels, so that all of them look alike.
 *
 * @param room what the plot may take
 * @param ratio device pixels in a CSS pixel
 */
export function cellSize(room: Size, grid: { rows: number; columns: number }, ratio: number): Size {
  const rows = Math.max(1, grid.rows);
  const columns = Math.max(1, grid.columns);
  const side = Math.min(room.width / columns, room.height / rows, largestCell);
  const height = Math.max(side, Math.min(thinMapHeight / rows, room.height / rows, tallestCell));
  return { width: wholePixels(side, ratio), height: wholePixels(height, ratio) };
}

/** Whether cells of this size cover whole device pixels. */
export function isCrisp(cell: Size, ratio: number): boolean {
  return Math.min(cell.width, cell.height) * ratio >= crispFrom - 1e-6;
}

/**
 * Which labels of an axis are drawn: all of them where they fit, else every second, third … one.
 *
 * @param count number of labels
 * @param cell pixels from one label to the next
 * @param line pixels that one label needs
 * @returns ascending indices
 */
export function visibleLabels(count: number, cell: number, line: number): number[] {
  const step = Math.max(1, Math.ceil(line / cell));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}

/** Larger cells would turn a short text into a chequerboard. */
const largestCell = 32;

/** Device pixels from which on a cell is rounded down to whole ones. */
const crispFrom = 3;

/** Height that a map of few rows is stretched to, and what one of its cells may take. */
const thinMapHeight = 120;
const tallestCell = 16;

function wholePixels(side: number, ratio: number): number {
  const pixels = side * ratio;
  return pixels >= crispFrom ? Math.floor(pixels) / ratio : side;
}
