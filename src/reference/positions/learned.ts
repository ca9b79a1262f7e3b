import type { Tensor } from '../tensor';

/**
 * Learned positions: a row of a table for each position, as in Gehring et al., "Convolutional
 * Sequence to Sequence Learning" (2017), section 3.1; "Attention Is All You Need" (2017), section 3.5
 * found them to do as well as sinusoids. Words are looked up in the same way.
 *
 * @param table [rows, width]
 * @param indices of rows
 * @returns [indices, width]
 */
export function learnedPositions(
  table: Float32Array,
  indices: readonly number[],
  width: number,
): Tensor {
  const data = new Float32Array(indices.length * width);
  indices.forEach((index, row) => {
    data.set(table.subarray(index * width, (index + 1) * width), row * width);
  });
  return { dims: [indices.length, width], data };
}
