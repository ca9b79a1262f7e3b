/** Rows that are transposed at a time: those that a line of the processor's cache has the results of. */
const STRIP = 16;

/** A matrix [rows, columns] as [columns, rows]; or only some of its columns. */
export function transposed(
  matrix: Float32Array,
  rows: number,
  columns: number,
  kept = { start: 0, length: columns },
): Float32Array {
  const result = new Float32Array(kept.length * rows);
  for (let top = 0; top < rows; top += STRIP) {
    const bottom = Math.min(rows, top + STRIP);
    for (let column = 0; column < kept.length; column++) {
      for (let row = top; row < bottom; row++) {
        result[column * rows + row] = matrix[row * columns + kept.start + column] ?? 0;
      }
    }
  }
  return result;
}
