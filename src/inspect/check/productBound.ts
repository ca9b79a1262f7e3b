import { elementCount } from '../../onnx/graph/elementCount';
import type { TensorRef } from '../../onnx/graph/model';
import { elementsOf } from '../../weights/elements';
import { tensorPieces } from '../../weights/tensorPieces';
import type { TensorReader } from '../../weights/tensorReader';
import type { NormedProduct } from './normedProducts';

/**
 * How large an element of a product with what a norm makes can become, whatever the text.
 *
 * A layer norm without gain and shift gives n elements z with Σ z² ≤ n, since it divides them by the root
 * of their mean square plus ε; an RMS norm does, too. So by Cauchy and Schwarz each element of the product
 * |Σᵢ (gᵢ zᵢ + sᵢ) Wᵢⱼ + bⱼ| ≤ √n · √(Σᵢ (gᵢ Wᵢⱼ)²) + |Σᵢ sᵢ Wᵢⱼ + bⱼ|.
 *
 * Reads the matrix once, a few megabytes in memory at a time.
 * @throws Failure where it cannot be read; the signal's reason.
 */
export async function productBound(
  { matrix, turned, gain, shift, bias }: NormedProduct,
  reader: TensorReader,
  signal: AbortSignal,
): Promise<number> {
  const [rows = 0, columns = 0] = matrix.dims;
  const [ins, outs] = turned ? [columns, rows] : [rows, columns];
  const gains = gain === undefined ? undefined : await reader.elements(gain);
  const shifts = shift === undefined ? undefined : await reader.elements(shift);
  const squares = new Float64Array(outs);
  const sums =
    bias === undefined ? new Float64Array(outs) : Float64Array.from(await read(bias, reader));
  for await (const { first, count, bytes } of tensorPieces(matrix, reader, signal)) {
    const values = elementsOf(bytes, matrix.dtype, count, matrix.name);
    let row = Math.floor(first / columns);
    let column = first % columns;
    for (const value of values) {
      const [i, j] = turned ? [column, row] : [row, column];
      const product = value * (gains === undefined ? 1 : (gains[i] ?? 0));
      squares[j] = (squares[j] ?? 0) + product * product;
      sums[j] = (sums[j] ?? 0) + value * (shifts?.[i] ?? 0);
      column += 1;
      if (column === columns) {
        column = 0;
        row += 1;
      }
    }
  }
  return squares.reduce(
    (most, square, j) => Math.max(most, Math.sqrt(ins * square) + Math.abs(sums[j] ?? 0)),
    0,
  );
}

/** Elements of a vector, in whatever shape it is stored. */
function read(vector: TensorRef, reader: TensorReader): Promise<Float32Array> {
  return reader.elements({ ...vector, dims: [elementCount(vector.dims)] });
}
