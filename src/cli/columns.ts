/**
 * Rows of cells as lines, each column as wide as its widest cell.
 * @param numbers the first of the columns that are aligned on the right.
 */
export function alignColumns(rows: readonly (readonly string[])[], numbers = Infinity): string[] {
  const widths: number[] = [];
  for (const cells of rows) {
    for (const [column, cell] of cells.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < numbers ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
