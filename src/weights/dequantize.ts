import { elementCount } from '../onnx/graph/elementCount';
import type { TensorRef } from '../onnx/graph/model';
import { CODES } from './codeTables';
import { dequantizedParts, linearRuns } from './dequantizedParts';
import { storedDims, type Quantization } from './parameters';
import { TensorParts } from './tensorParts';
import type { TensorReader } from './tensorReader';

/**
 * The elements of a quantised tensor as 32-bit floats, row-major, in the order of the file: those of
 * a `linear` one in the shape of the tensor, those of others [rows, columns].
 *
 * @throws Failure of kind `model` if scales or zero points do not fit the tensor, or as the reader
 *   throws.
 */
export async function dequantized(
  tensor: TensorRef,
  quantization: Quantization,
  reader: TensorReader,
): Promise<Float32Array> {
  const read = await dequantizedParts(tensor, quantization, new TensorParts(reader));
  return read(0, elementCount(storedDims({ tensor, transposed: false, quantization })));
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
      const run = linearRuns(tensor, quantization, scales.length);
      return errors(elementCount(tensor.dims), (i) => HALF_STEP * (scales[run(i).group] ?? NaN));
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
