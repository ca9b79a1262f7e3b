import { elementCount } from '../onnx/graph/elementCount';
import type { TensorRef } from '../onnx/graph/model';
import { elementsOf } from './elements';
import { malformedWeights } from './malformed';
import { phrase } from '../shared/failure';
import type { PackedBits } from '../onnx/graph/operatorInputs';
import type { CodeTable, Quantization } from './parameters';
import type { TensorReader } from './tensorReader';

type Linear = Quantization & { kind: 'linear' };
type Packed = Quantization & { kind: 'packed' };
type Codes = Quantization & { kind: 'codes' };

/**
 * The elements of a quantised tensor as 32-bit floats, row-major, in the order of the file: those of
 * a `linear` one in the shape of the tensor, those of others [rows, columns].
 *
 * @throws Failure of kind `model` if scales or zero points do not fit the tensor, or as the reader
 *   throws.
 */
export function dequantized(
  tensor: TensorRef,
  quantization: Quantization,
  reader: TensorReader,
): Promise<Float32Array> {
  switch (quantization.kind) {
    case 'linear':
      return linear(tensor, quantization, reader);
    case 'packed':
      return packed(tensor, quantization, reader);
    case 'codes':
      return codes(tensor, quantization, reader);
  }
}

/**
 * How far each element of a quantised tensor may be from what was quantised to it, in the order that
 * {@link dequantized} has: half the distance of two neighbours where every number between the least and
 * the most is rounded to the nearest; the whole one in blocks of few bits, whose range is cut on one
 * side; of tables half the widest gap.
 * @throws Failure as {@link dequantized} does.
 */
export async function quantizationErrors(
  tensor: TensorRef,
  quantization: Quantization,
  reader: TensorReader,
): Promise<Float32Array> {
  const scales = await reader.elements(quantization.scale);
  switch (quantization.kind) {
    case 'linear': {
      const group = linearGroups(tensor, quantization, scales.length);
      return errors(elementCount(tensor.dims), (i) => HALF_STEP * (scales[group(i)] ?? NaN));
    }
    case 'packed': {
      const { rows, columns, blockSize } = quantization;
      const blocks = Math.ceil(columns / blockSize);
      return errors(rows * columns, (i) => {
        const block = Math.floor(i / columns) * blocks + Math.floor((i % columns) / blockSize);
        return WHOLE_STEP * (scales[block] ?? NaN);
      });
    }
    case 'codes': {
      const { rows, columns, blockSize, table } = quantization;
      const gap = widestGap(CODES[table]);
      return errors(
        rows * columns,
        (i) => HALF_STEP * gap * (scales[Math.floor(i / blockSize)] ?? NaN),
      );
    }
  }
}

/** A little more than half a step and than a whole one, since products and scales are rounded. */
const HALF_STEP = 0.5001;
const WHOLE_STEP = 1.01;

function errors(count: number, error: (index: number) => number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.abs(error(i)));
}

function widestGap(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return Math.max(...sorted.slice(1).map((number, i) => number - (sorted[i] ?? number)));
}

/** ONNX operator `DequantizeLinear`, in its three granularities. */
async function linear(
  tensor: TensorRef,
  quantization: Linear,
  reader: TensorReader,
): Promise<Float32Array> {
  const { scale, zeroPoint } = quantization;
  const scales = await reader.elements(scale);
  const zeros = zeroPoint === undefined ? undefined : await reader.elements(zeroPoint);
  const values = await reader.elements(tensor);
  if (zeros !== undefined && zeros.length !== scales.length) {
    throw unfit(tensor);
  }
  const group = linearGroups(tensor, quantization, scales.length);
  return values.map((value, i) => {
    const own = group(i);
    return (value - (zeros?.[own] ?? 0)) * (scales[own] ?? 0);
  });
}

/**
 * Which of the scales each element has.
 * @throws Failure of kind `model` if there are not as many as the tensor needs.
 */
function linearGroups(
  tensor: TensorRef,
  { axis: signedAxis, blockSize }: Linear,
  scales: number,
): (index: number) => number {
  const { dims } = tensor;
  if (scales === 1) {
    return () => 0;
  }
  const axis = signedAxis < 0 ? signedAxis + dims.length : signedAxis;
  const size = dims[axis] ?? 0;
  const inner = elementCount(dims.slice(axis + 1));
  const groups = blockSize === undefined ? size : Math.ceil(size / blockSize);
  // One scale for each index of the axis; those of blocks also differ along all other axes.
  const expected =
    blockSize === undefined ? size : (elementCount(dims) / (size * inner)) * groups * inner;
  if (scales !== expected) {
    throw unfit(tensor);
  }
  return (i) => {
    const along = Math.floor(i / inner) % size;
    return blockSize === undefined
      ? along
      : (Math.floor(i / (inner * size)) * groups + Math.floor(along / blockSize)) * inner +
          (i % inner);
  };
}

/**
 * ONNX Runtime's operator `MatMulNBits` (ContribOperators.md): the first column of a byte is in its
 * lowest bits. Zero points are packed likewise, each row from a byte of its own, or are floats; where
 * there are none, they are in the middle.
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
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const inRow = bytes.subarray(row * bytesInRow, (row + 1) * bytesInRow);
    const integers = elementsOf(inRow, PACKED_TYPES[bits], columns, tensor.name);
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
  bits: PackedBits,
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
    const inBlocks = elementsOf(inRow, PACKED_TYPES[bits], blocks, zeroPoint.name);
    zeros.set(inBlocks.subarray(0, blocks), row * blocks);
  }
  return zeros;
}

const PACKED_TYPES = { 2: 'uint2', 4: 'uint4', 8: 'uint8' } as const;

/** ONNX Runtime's operator `MatMulBnb4`: the first element of a pair is in the upper half of its byte. */
async function codes(
  tensor: TensorRef,
  { table, blockSize, rows, columns, scale }: Codes,
  reader: TensorReader,
): Promise<Float32Array> {
  const scales = await reader.elements(scale);
  const bytes = await reader.bytes(tensor);
  const count = rows * columns;
  const isWhole = [rows, columns, blockSize].every((size) => size > 0);
  if (
    !isWhole ||
    scales.length !== Math.ceil(count / blockSize) ||
    bytes.length !== Math.ceil(count / 2)
  ) {
    throw unfit(tensor);
  }
  const numbers = Float32Array.from(CODES[table]);
  return Float32Array.from({ length: count }, (_, i) => {
    const byte = bytes[i >> 1] ?? 0;
    const number = numbers[i % 2 === 0 ? byte >> 4 : byte & 0xf] ?? 0;
    return number * (scales[Math.floor(i / blockSize)] ?? 0);
  });
}

/** Without its sign; the fourth bit is that. */
const FP4 = [0, 1 / 192, 2 / 3, 1, 1 / 3, 1 / 2, 1 / 6, 1 / 4];

/** NF4: Dettmers et al., "QLoRA: Efficient Finetuning of Quantized LLMs" (2023), appendix E. */
const NF4 = [
  ...[-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453],
  ...[-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0],
  ...[0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224],
  ...[0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1],
];

/** Numbers of the tables, by their codes. */
export const CODES: Readonly<Record<CodeTable, readonly number[]>> = {
  fp4: [...FP4, ...FP4.map((number) => 0 - number)],
  nf4: NF4,
};

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
