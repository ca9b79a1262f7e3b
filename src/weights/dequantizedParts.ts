import { elementCount } from '../onnx/graph/elementCount';
import type { TensorRef } from '../onnx/graph/model';
import type { PackedBits } from '../onnx/graph/operatorInputs';
import { phrase } from '../shared/failure';
import { CODES } from './codeTables';
import { malformedWeights } from './malformed';
import { numbersOf, type Numbers } from './numbers';
import type { Quantization } from './parameters';
import type { TensorParts } from './tensorParts';

type Linear = Quantization & { kind: 'linear' };
type Packed = Quantization & { kind: 'packed' };
type Codes = Quantization & { kind: 'codes' };

/**
 * Reads elements `first … first + count − 1` of a tensor, row-major.
 * @throws RangeError outside the tensor, Failure as reading its bytes does.
 */
export type ReadElements = (first: number, count: number) => Promise<Float32Array>;

/**
 * What reads a quantised tensor in parts, as the numbers that the runtime computes with. Elements are
 * counted in the shape of the tensor where it is `linear`, and in [rows, columns] otherwise. Scales and
 * zero points are read at once, and kept.
 *
 * @throws Failure of kind `model` if scales or zero points do not fit the tensor, or as the reader throws.
 */
export async function dequantizedParts(
  tensor: TensorRef,
  quantization: Quantization,
  parts: TensorParts,
): Promise<ReadElements> {
  const scales = Float32Array.from(await allNumbers(quantization.scale, parts));
  switch (quantization.kind) {
    case 'linear':
      return linear(tensor, quantization, scales, parts);
    case 'packed':
      return packed(tensor, quantization, scales, parts);
    case 'codes':
      return codes(tensor, quantization, scales, parts);
  }
}

/** Elements of a tensor, none of them rounded, as {@link numbersOf} has them. */
export async function readNumbers(
  tensor: TensorRef,
  first: number,
  count: number,
  parts: TensorParts,
): Promise<Numbers> {
  const { bytes, before } = await parts.bytes(tensor, first, count);
  const numbers = numbersOf(bytes, tensor.dtype, before + count, tensor.name);
  return before === 0 ? numbers : numbers.subarray(before);
}

function allNumbers(tensor: TensorRef, parts: TensorParts): Promise<Numbers> {
  return readNumbers(tensor, 0, elementCount(tensor.dims), parts);
}

/** ONNX operator `DequantizeLinear`, in its three granularities. */
async function linear(
  tensor: TensorRef,
  quantization: Linear,
  scales: Float32Array,
  parts: TensorParts,
): Promise<ReadElements> {
  const { zeroPoint } = quantization;
  const zeros =
    zeroPoint === undefined
      ? new Float32Array(scales.length)
      : Float32Array.from(await allNumbers(zeroPoint, parts));
  const run = linearRuns(tensor, quantization, scales.length);
  if (zeros.length !== scales.length) {
    throw unfit(tensor);
  }
  return async (first, count) => {
    const integers = await readNumbers(tensor, first, count, parts);
    const values = new Float32Array(count);
    let at = 0;
    while (at < count) {
      const { length, group, step } = run(first + at);
      const end = Math.min(count, at + length);
      let own = group;
      for (; at < end; at++) {
        values[at] = (Math.fround(integers[at] ?? 0) - (zeros[own] ?? 0)) * (scales[own] ?? 0);
        own += step;
      }
    }
    return values;
  };
}

/** Elements one behind the other whose scales are one, or lie one behind the other themselves. */
interface Run {
  length: number;
  /** Index of the first element's scale. */
  group: number;
  step: 0 | 1;
}

/**
 * Where the scales of elements are: the run that begins at an element.
 * @throws Failure of kind `model` if there are not as many as the tensor needs.
 */
export function linearRuns(
  tensor: TensorRef,
  { axis: signedAxis, blockSize }: Linear,
  scales: number,
): (index: number) => Run {
  const { dims } = tensor;
  if (scales === 1) {
    return () => ({ length: Infinity, group: 0, step: 0 });
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
  return (index) => {
    const inside = index % inner;
    const along = Math.floor(index / inner) % size;
    if (blockSize === undefined) {
      return inner === 1
        ? { length: size - along, group: along, step: 1 }
        : { length: inner - inside, group: along, step: 0 };
    }
    const outer = Math.floor(index / (inner * size));
    const group = (outer * groups + Math.floor(along / blockSize)) * inner + inside;
    return inner === 1
      ? { length: Math.min(blockSize - (along % blockSize), size - along), group, step: 0 }
      : { length: inner - inside, group, step: 1 };
  };
}

/**
 * ONNX Runtime's operators `MatMulNBits` and `GatherBlockQuantized` (ContribOperators.md): the first
 * column of a byte is in its lowest bits. Of the one the last block of a row is filled up, of the other
 * it is not. Zero points are packed likewise, each row from a byte of its own, or are floats; where
 * there are none, they are in the middle.
 */
async function packed(
  tensor: TensorRef,
  { bits, blockSize, rows, columns, scale, zeroPoint }: Packed,
  scales: Float32Array,
  parts: TensorParts,
): Promise<ReadElements> {
  const blocks = Math.ceil(columns / blockSize);
  const isWhole = [rows, columns, blockSize, blocks].every((size) => size > 0);
  const bytes = elementCount(tensor.dims);
  const inRow = bytes / rows;
  const fits = [(blocks * blockSize * bits) / 8, Math.ceil((columns * bits) / 8)].includes(inRow);
  if (!isWhole || !fits || elementCount(scale.dims) !== rows * blocks) {
    throw unfit(tensor);
  }
  const zeros = await zeroPoints(tensor, zeroPoint, bits, rows, blocks, parts);
  const dtype = PACKED_TYPES[bits];
  const width = (inRow * 8) / bits;
  const asPacked: TensorRef = { ...tensor, dtype, dims: [rows * width] };
  return async (first, count) => {
    const values = new Float32Array(count);
    if (count === 0) {
      return values;
    }
    const at = (index: number): number => Math.floor(index / columns) * width + (index % columns);
    const start = at(first);
    const integers = await readNumbers(asPacked, start, at(first + count - 1) + 1 - start, parts);
    let done = 0;
    while (done < count) {
      const column = (first + done) % columns;
      const group = Math.floor((first + done) / columns) * blocks + Math.floor(column / blockSize);
      const from = at(first + done) - start;
      const length = Math.min(blockSize - (column % blockSize), columns - column, count - done);
      const zero = zeros[group] ?? 0;
      const own = scales[group] ?? 0;
      for (let i = 0; i < length; i++) {
        values[done + i] = ((integers[from + i] ?? 0) - zero) * own;
      }
      done += length;
    }
    return values;
  };
}

/** Zero points of all blocks, [rows × blocks]. */
async function zeroPoints(
  tensor: TensorRef,
  zeroPoint: TensorRef | undefined,
  bits: PackedBits,
  rows: number,
  blocks: number,
  parts: TensorParts,
): Promise<Float32Array> {
  if (zeroPoint === undefined) {
    return new Float32Array(rows * blocks).fill(2 ** (bits - 1));
  }
  if (zeroPoint.dtype !== 'uint8') {
    const zeros = Float32Array.from(await allNumbers(zeroPoint, parts));
    if (zeros.length !== rows * blocks) {
      throw unfit(tensor);
    }
    return zeros;
  }
  const count = elementCount(zeroPoint.dims);
  const bytesInRow = Math.ceil((blocks * bits) / 8);
  if (count !== rows * bytesInRow) {
    throw unfit(tensor);
  }
  const { bytes } = await parts.bytes(zeroPoint, 0, count);
  const zeros = new Float32Array(rows * blocks);
  for (let row = 0; row < rows; row++) {
    const inRow = bytes.subarray(row * bytesInRow, (row + 1) * bytesInRow);
    zeros.set(numbersOf(inRow, PACKED_TYPES[bits], blocks, zeroPoint.name), row * blocks);
  }
  return zeros;
}

const PACKED_TYPES = { 2: 'uint2', 4: 'uint4', 8: 'uint8' } as const;

/** ONNX Runtime's operator `MatMulBnb4`: the first element of a pair is in the upper half of its byte. */
function codes(
  tensor: TensorRef,
  { table, blockSize, rows, columns }: Codes,
  scales: Float32Array,
  parts: TensorParts,
): ReadElements {
  const count = rows * columns;
  const isWhole = [rows, columns, blockSize].every((size) => size > 0);
  if (
    !isWhole ||
    scales.length !== Math.ceil(count / blockSize) ||
    elementCount(tensor.dims) !== Math.ceil(count / 2)
  ) {
    throw unfit(tensor);
  }
  const numbers = Float32Array.from(CODES[table]);
  const asBytes: TensorRef = { ...tensor, dtype: 'uint8', dims: [elementCount(tensor.dims)] };
  return async (first, length) => {
    const start = first >> 1;
    const end = Math.ceil((first + length) / 2);
    const { bytes, before } = await parts.bytes(asBytes, start, end - start);
    const values = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      const element = first + i;
      const byte = bytes[before + (element >> 1) - start] ?? 0;
      const number = numbers[element % 2 === 0 ? byte >> 4 : byte & 0xf] ?? 0;
      values[i] = number * (scales[Math.floor(element / blockSize)] ?? 0);
    }
    return values;
  };
}

/** The failure for a tensor whose scales or zero points are not as many as it needs. */
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
