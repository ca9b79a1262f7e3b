/** Rows that are transposed at a time: 16 floats fill a line of the processor's cache. */
const STRIP = 16;

/** A matrix [rows, columns] as [columns, rows]. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(columns * rows);
  for (let top = 0; top < rows; top += STRIP) {
    const bottom = Math.min(rows, top + STRIP);
    for (let column = 0; column < columns; column++) {
      for (let row = top; row < bottom; row++) {
        result[column * rows + row] = matrix[row * columns + column] ?? 0;
      }
    }
  }
  return result;
}
