import { elementCount } from '../onnx/graph/elementCount';
import type { DType, TensorRef } from '../onnx/graph/model';
import { CODES } from './codeTables';
import { storedDims, type Quantization } from './parameters';
import type { TensorParts } from './tensorParts';

/** Values of a matrix, with the largest error that rounding may have given each. */
export interface MatrixValues {
  values: Float32Array;
  errors: Float32Array;
}

/** A stored matrix of which a few elements are read. */
export interface Matrix {
  rows: number;
  columns: number;
  /** Whether integers stand for its numbers. */
  isQuantized: boolean;
  /** Elements of a row from a column on. */
  read(row: number, column: number, count: number): Promise<MatrixValues>;
}

/**
 * A tensor as a matrix: what has more axes is [first axis, all others].
 * @returns undefined for vectors, and for what is stored in a way that cannot be read in parts.
 */
export function matrixOf(
  tensor: TensorRef,
  quantization: Quantization | undefined,
  parts: TensorParts,
): Matrix | undefined {
  const [rows = 0, ...others] = storedDims({
    tensor,
    transposed: false,
    ...(quantization === undefined ? {} : { quantization }),
  });
  const columns = elementCount(others);
  const aids = quantization === undefined ? [] : [quantization.scale, quantization.zeroPoint];
  const canRead = [tensor, ...aids].every((each) => each === undefined || parts.canRead(each));
  if (others.length === 0 || !(rows > 0 && columns > 0) || !canRead) {
    return undefined;
  }
  const read = readerOf(tensor, quantization, { rows, columns, rank: others.length + 1 }, parts);
  return read && { rows, columns, isQuantized: quantization !== undefined, read };
}

interface Sizes {
  rows: number;
  columns: number;
  rank: number;
}

/** Half of the distance between neighbouring floats, as a share of them: 2^-(bits of the fraction + 1). */
const ROUNDING: Readonly<Partial<Record<DType, number>>> = {
  float64: 2 ** -24,
  float32: 2 ** -24,
  float16: 2 ** -11,
  bfloat16: 2 ** -9,
};

/** Half of the distance between the smallest floats of half precision. */
const SMALLEST_HALF = 2 ** -25;

function readerOf(
  tensor: TensorRef,
  quantization: Quantization | undefined,
  sizes: Sizes,
  parts: TensorParts,
): Matrix['read'] | undefined {
  const { columns } = sizes;
  if (quantization === undefined) {
    const share = ROUNDING[tensor.dtype];
    const least = tensor.dtype === 'float16' ? SMALLEST_HALF : 0;
    return share === undefined
      ? undefined
      : async (row, column, count) => {
          const values = await parts.elements(tensor, row * columns + column, count);
          return { values, errors: values.map((value) => Math.abs(value) * share + least) };
        };
  }
  const layout = layoutOf(tensor, quantization, sizes);
  return (
    layout &&
    (async (row, column, count) => {
      const integers = await layout.integers(row, column, count, parts);
      const groups = Array.from({ length: count }, (_, i) => layout.group(row, column + i));
      const scales = await picked(quantization.scale, groups, parts);
      const zeros =
        layout.zeros && (await picked(layout.zeros.tensor, groups.map(layout.zeros.at), parts));
      const zero = layout.middle ?? 0;
      return {
        values: integers.map((integer, i) => (integer - (zeros?.[i] ?? zero)) * (scales[i] ?? 0)),
        errors: scales.map((scale) => Math.abs(scale) * layout.halfStep),
      };
    })
  );
}

/** Where the numbers of a quantised matrix are. */
interface Layout {
  integers(row: number, column: number, count: number, parts: TensorParts): Promise<Float32Array>;
  /** Index of an element's scale. */
  group(row: number, column: number): number;
  zeros?: { tensor: TensorRef; at: (group: number) => number };
  /** The zero point where none is stored. */
  middle?: number;
  /** Half of the largest distance between neighbouring numbers, in scales. */
  halfStep: number;
}

/** As {@link dequantizedParts} has it. */
function layoutOf(
  tensor: TensorRef,
  quantization: Quantization,
  { rows, columns, rank }: Sizes,
): Layout | undefined {
  const plain: Layout['integers'] = (row, column, count, parts) =>
    parts.elements(tensor, row * columns + column, count);
  const { zeroPoint, blockSize } = quantization;
  switch (quantization.kind) {
    case 'linear': {
      const isOne = elementCount(quantization.scale.dims) === 1;
      const axis = quantization.axis < 0 ? quantization.axis + rank : quantization.axis;
      const along = (index: number): number =>
        blockSize === undefined ? index : Math.floor(index / blockSize);
      const group: Layout['group'] = isOne
        ? () => 0
        : axis === 0
          ? (row, column) => (blockSize === undefined ? row : along(row) * columns + column)
          : (row, column) =>
              blockSize === undefined
                ? column
                : row * Math.ceil(columns / blockSize) + along(column);
      const zeros = zeroPoint && { tensor: zeroPoint, at: (index: number) => index };
      // What has more axes than a matrix may have scales along any of them.
      return rank > 2 && !isOne
        ? undefined
        : { integers: plain, group, ...(zeros === undefined ? {} : { zeros }), halfStep: 0.5 };
    }
    case 'packed': {
      const { bits } = quantization;
      const blocks = Math.ceil(columns / quantization.blockSize);
      // Of a product's weight the last block of a row is filled up, and of a table it is not.
      const width = (elementCount(tensor.dims) * (8 / bits)) / rows;
      const packed = asPacked(tensor, bits, rows * width);
      const inRow = Math.ceil((blocks * bits) / 8) * (8 / bits);
      const at = (group: number): number => Math.floor(group / blocks) * inRow + (group % blocks);
      return !Number.isInteger(width) || width < columns
        ? undefined
        : {
            integers: (row, column, count, parts) =>
              parts.elements(packed, row * width + column, count),
            group: (row, column) => row * blocks + Math.floor(column / quantization.blockSize),
            ...(zeroPoint === undefined
              ? { middle: 2 ** (bits - 1) }
              : zeroPoint.dtype === 'uint8'
                ? { zeros: { tensor: asPacked(zeroPoint, bits, rows * inRow), at } }
                : { zeros: { tensor: zeroPoint, at: (group: number) => group } }),
            halfStep: 0.5,
          };
    }
    case 'codes': {
      const table = CODES[quantization.table];
      const count = rows * columns;
      const packed = asPacked(tensor, 4, count + (count % 2));
      return {
        // The first element of a pair is in the upper half of its byte.
        integers: async (row, column, length, parts) => {
          const first = row * columns + column;
          const start = first - (first % 2);
          const end = first + length + ((first + length) % 2);
          const codes = await parts.elements(packed, start, end - start);
          return Float32Array.from(
            { length },
            (_, i) => table[codes[(first + i - start) ^ 1] ?? 0] ?? 0,
          );
        },
        group: (row, column) => Math.floor((row * columns + column) / quantization.blockSize),
        halfStep: HALF_CODE,
      };
    }
  }
}

/**
 * Half of the largest distance between neighbouring numbers of the tables of 4 bits: 1/3 in that of floats.
 */
const HALF_CODE = 1 / 6;

/** Bytes as elements of fewer bits. */
function asPacked(tensor: TensorRef, bits: 2 | 4 | 8, elements: number): TensorRef {
  const dtype = ({ 2: 'uint2', 4: 'uint4', 8: 'uint8' } as const)[bits];
  return { ...tensor, dtype, dims: [elements] };
}

/** Elements of a tensor by their indices, which ascend. */
async function picked(
  tensor: TensorRef,
  indices: readonly number[],
  parts: TensorParts,
): Promise<Float32Array> {
  const first = indices[0] ?? 0;
  const last = indices.at(-1) ?? first;
  const between = await parts.elements(tensor, first, last - first + 1);
  return Float32Array.from(indices, (index) => between[index - first] ?? 0);
}
