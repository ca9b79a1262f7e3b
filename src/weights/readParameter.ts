import { elementCount } from '../onnx/graph/elementCount';
import { dequantized } from './dequantize';
import { storedDims } from './parameters';
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
  stored: StoredParameter,
  reader: TensorReader,
): Promise<Float32Array> {
  const { tensor, quantization } = stored;
  return laidOut(
    quantization === undefined
      ? await reader.elements(tensor)
      : await dequantized(tensor, quantization, reader),
    stored,
  );
}

/**
 * Numbers that belong to the elements of a stored tensor, in its own order, in the order of the
 * parameter: the part that it is, transposed where it is stored so.
 */
export function laidOut(all: Float32Array, stored: StoredParameter): Float32Array {
  const { transposed: isTransposed, part } = stored;
  const dims = storedDims(stored);
  const elements = part === undefined ? all : along(all, dims, part);
  const isCut = part?.axis === dims.length - 1;
  const columns = (isCut ? part.length : dims.at(-1)) ?? 1;
  return isTransposed ? transposed(elements, elements.length / columns, columns) : elements;
}

/** Some indices of an axis. */
function along(
  all: Float32Array,
  dims: readonly number[],
  { axis, start, length }: { axis: number; start: number; length: number },
): Float32Array {
  const inner = elementCount(dims.slice(axis + 1));
  const step = (dims[axis] ?? 0) * inner;
  const outer = step === 0 ? 0 : all.length / step;
  const result = new Float32Array(outer * length * inner);
  for (let index = 0; index < outer; index++) {
    const from = index * step + start * inner;
    result.set(all.subarray(from, from + length * inner), index * length * inner);
  }
  return result;
}
