import { rows, type Tensor } from './tensor';

/** How the inputs of linear layers are quantized, where the graph does so. */
export interface Rounding {
  /**
   * How values are rounded that lie so near to the middle between two integers that float32 may give
   * either: `even` as ONNX asks for, `other` to the other integer, which shows how much such choices change.
   */
  ties: 'even' | 'other';
  /**
   * Whether inputs that the graph rounds in a form which the reference does not follow are rounded too. The
   * result is then not comparable with the graph's; it shows how large the effect of rounding is.
   */
  all?: true;
  /**
   * How many tokens of the decoder each step computes when it continues from a cache: each step has its own
   * scale. Absent: all tokens in one step.
   */
  steps?: readonly number[];
  /** Told how many values were rounded, each time. */
  onRounded?: (values: number) => void;
}

/** Largest number of uint8, and the number of steps between its smallest and its largest. */
const LARGEST = 255;

/**
 * In quantization steps: values this near to the middle between two integers may be rounded to either,
 * since float32 results differ in their last bits (a few parts in 10⁷, of up to 255 steps).
 */
const NEAR = 2 ** -10;

const { fround } = Math;

/**
 * Quantizes a tensor as ONNX's `DynamicQuantizeLinear` does, and dequantizes it again: (q − z) · s with
 * s = (max − min) / 255, z = −min / s and q = x / s + z, both rounded to the nearest integer, half
 * to even, and kept within 0…255; the range includes 0. In float32, as ONNX Runtime has it.
 *
 * @param x [batch, tokens, width]; of several sequences one tensor.
 */
export function fakeQuantize(x: Tensor, { ties, steps, onRounded }: Rounding): Tensor {
  onRounded?.(x.data.length);
  const [, tokens = 1] = x.dims;
  const data = new Float32Array(x.data.length);
  let first = 0;
  for (const count of steps ?? [tokens]) {
    roundTokens(x, data, first, first + count, ties);
    first += count;
  }
  return { dims: x.dims, data };
}

/** Rounds the vectors of some tokens of all sequences as one tensor. */
function roundTokens(
  x: Tensor,
  data: Float32Array,
  from: number,
  to: number,
  ties: Rounding['ties'],
): void {
  const [, tokens = 1, width = 1] = x.dims;
  const isIncluded = (row: number): boolean => row % tokens >= from && row % tokens < to;
  let [least, most] = [0, 0];
  [...rows(x)].forEach((values, row) => {
    if (isIncluded(row)) {
      for (const value of values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
  });
  const scale = most === least ? 1 : fround(fround(most - least) / LARGEST);
  const zero = halfToEven(Math.min(LARGEST, Math.max(0, fround(-fround(least / scale)))));
  [...rows(x)].forEach((values, row) => {
    if (isIncluded(row)) {
      values.forEach((value, i) => {
        const within = Math.min(LARGEST - zero, Math.max(-zero, fround(value / scale)));
        const steps = ties === 'even' ? halfToEven(within) : otherNeighbour(within);
        data[row * width + i] = fround(steps * scale);
      });
    }
  });
}

/** The nearest integer; of two the even one. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  const part = value - below;
  return part < 0.5 || (part === 0.5 && below % 2 === 0) ? below : below + 1;
}

/** The nearest integer, but the other neighbour of a value that is near to the middle of both. */
function otherNeighbour(value: number): number {
  const below = Math.floor(value);
  const part = value - below;
  if (Math.abs(part - 0.5) >= NEAR) {
    return halfToEven(value);
  }
  return halfToEven(value) === below ? below + 1 : below;
}
