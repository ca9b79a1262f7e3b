import type { TensorRef } from '../onnx/model';
import { elementsOf } from './elements';
import { malformedWeights } from './malformed';
import { phrase } from '../shared/failure';
import type { Quantization } from './parameters';
import type { TensorReader } from './tensorReader';

type Linear = Quantization & { kind: 'linear' };
type Packed = Quantization & { kind: 'packed' };

/**
 * The elements of a quantised tensor as 32-bit floats, row-major, in the order of the file: those of
 * a `packed` one [rows, columns], those of others in the shape of the tensor.
 *
 * @throws Failure of kind `model` if scales or zero points do not fit the tensor, or as the reader
 *   throws.
 */
export function dequantized(
  tensor: TensorRef,
  quantization: Quantization,
  reader: TensorReader,
): Promise<Float32Array> {
  return quantization.kind === 'linear'
    ? linear(tensor, quantization, reader)
    : packed(tensor, quantization, reader);
}

/** ONNX operator `DequantizeLinear`, in its three granularities. */
async function linear(
  tensor: TensorRef,
  { scale, zeroPoint, axis: signedAxis, blockSize }: Linear,
  reader: TensorReader,
): Promise<Float32Array> {
  const { dims } = tensor;
  const scales = await reader.elements(scale);
  const zeros = zeroPoint === undefined ? undefined : await reader.elements(zeroPoint);
  const values = await reader.elements(tensor);
  if (scales.length === 1) {
    const [factor = 0] = scales;
    const [zero = 0] = zeros ?? [];
    return values.map((value) => (value - zero) * factor);
  }
  const axis = signedAxis < 0 ? signedAxis + dims.length : signedAxis;
  const size = dims[axis] ?? 0;
  const inner = dims.slice(axis + 1).reduce((product, each) => product * each, 1);
  const groups = blockSize === undefined ? size : Math.ceil(size / blockSize);
  // One scale for each index of the axis; those of blocks also differ along all other axes.
  const expected =
    blockSize === undefined ? size : (values.length / (size * inner)) * groups * inner;
  if (scales.length !== expected || (zeros !== undefined && zeros.length !== expected)) {
    throw unfit(tensor);
  }
  return values.map((value, i) => {
    const along = Math.floor(i / inner) % size;
    const group =
      blockSize === undefined
        ? along
        : (Math.floor(i / (inner * size)) * groups + Math.floor(along / blockSize)) * inner +
          (i % inner);
    return (value - (zeros?.[group] ?? 0)) * (scales[group] ?? 0);
  });
}

/**
 * ONNX Runtime's operator `MatMulNBits` (ContribOperators.md): the first column of a pair is in the
 * lower half of its byte. Zero points are packed likewise, each row from a byte of its own, or are
 * floats; where there are none, they are in the middle.
 */
async function packed(
  tensor: TensorRef,
  { bits, blockSize, rows, columns, scale, zeroPoint }: Packed,
  reader: TensorReader,
): Promise<Float32Array> {
  const blocks = Math.ceil(columns / blockSize);
  const bytesInRow = (blocks * blockSize * bits) / 8;
  const scales = await reader.elements(scale);
  const bytes = await reader.bytes(tensor);
  const isWhole = [rows, columns, blockSize, blocks].every((size) => size > 0);
  if (!isWhole || scales.length !== rows * blocks || bytes.length !== rows * bytesInRow) {
    throw unfit(tensor);
  }
  const zeros = await zeroPoints(tensor, zeroPoint, bits, rows, blocks, reader);
  const dtype = bits === 4 ? 'uint4' : 'uint8';
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const inRow = bytes.subarray(row * bytesInRow, (row + 1) * bytesInRow);
    const integers = elementsOf(inRow, dtype, columns, tensor.name);
    for (let column = 0; column < columns; column++) {
      const block = row * blocks + Math.floor(column / blockSize);
      values[row * columns + column] =
        ((integers[column] ?? 0) - (zeros[block] ?? 0)) * (scales[block] ?? 0);
    }
  }
  return values;
}

/** Zero points of all blocks, [rows × blocks]. */
async function zeroPoints(
  tensor: TensorRef,
  zeroPoint: TensorRef | undefined,
  bits: 4 | 8,
  rows: number,
  blocks: number,
  reader: TensorReader,
): Promise<Float32Array> {
  if (zeroPoint === undefined) {
    return new Float32Array(rows * blocks).fill(2 ** (bits - 1));
  }
  if (zeroPoint.dtype !== 'uint8') {
    const zeros = await reader.elements(zeroPoint);
    if (zeros.length !== rows * blocks) {
      throw unfit(tensor);
    }
    return zeros;
  }
  const bytes = await reader.bytes(zeroPoint);
  const bytesInRow = Math.ceil((blocks * bits) / 8);
  if (bytes.length !== rows * bytesInRow) {
    throw unfit(tensor);
  }
  const zeros = new Float32Array(rows * blocks);
  for (let row = 0; row < rows; row++) {
    const inRow = bytes.subarray(row * bytesInRow, (row + 1) * bytesInRow);
    const dtype = bits === 4 ? 'uint4' : 'uint8';
    zeros.set(elementsOf(inRow, dtype, blocks, zeroPoint.name).subarray(0, blocks), row * blocks);
  }
  return zeros;
}

function unfit({ name, dims }: TensorRef): Error {
  return malformedWeights(
    phrase(
      'The scales or zero points of tensor “{0}” do not fit its shape [{1}]',
      name,
      dims.join(', '),
    ),
    name,
  );
}
