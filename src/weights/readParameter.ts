import { dequantized } from './dequantize';
import type { StoredParameter } from './parameters';
import type { TensorReader } from './tensorReader';
import { transposed } from './transposed';

/**
 * The elements of a parameter as 32-bit floats, row-major in the shape that `transformers` gives it,
 * so that a linear layer's are [out, in]. Only the bytes of its tensor are read, and of its scales.
 *
 * Of float32, float16 and bfloat16 they are exact; of a quantised one they are what the runtime
 * computes with.
 *
 * @throws Failure of kind `model` if bytes are missing or sizes contradict each other, `unsupported`
 *   for element types without numbers.
 */
export async function readParameter(
  { tensor, transposed: isTransposed, part, quantization }: StoredParameter,
  reader: TensorReader,
): Promise<Float32Array> {
  const all =
    quantization === undefined
      ? await reader.elements(tensor)
      : await dequantized(tensor, quantization, reader);
  const columns = tensor.dims.at(-1) ?? 1;
  if (isTransposed) {
    return transposed(all, all.length / columns, columns, part);
  }
  return part === undefined ? all : columnsOf(all, columns, part);
}

/** Some columns of a matrix, or some elements of a vector. */
function columnsOf(
  matrix: Float32Array,
  columns: number,
  { start, length }: { start: number; length: number },
): Float32Array {
  const rows = matrix.length / columns;
  const result = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const from = row * columns + start;
    result.set(matrix.subarray(from, from + length), row * length);
  }
  return result;
}
