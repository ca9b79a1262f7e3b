/** The element types that Headlight feeds to a model or takes from one. */
export type TensorData =
  | { type: 'float32'; data: Float32Array }
  /** IEEE 754 half precision, as its 16 bits. */
  | { type: 'float16'; data: Uint16Array }
  | { type: 'int64'; data: BigInt64Array }
  | { type: 'uint8'; data: Uint8Array }
  /** 0 or 1. */
  | { type: 'bool'; data: Uint8Array };

/** A dense, row-major array. The product of `dims` is the length of `data`. */
export type Tensor = TensorData & { dims: readonly number[] };

/** A row vector of token ids or positions, shape [1, length]. */
export function int64Row(values: readonly number[]): Tensor {
  return { type: 'int64', data: BigInt64Array.from(values, BigInt), dims: [1, values.length] };
}

/** A vector of one truth value, shape [1]. */
export function boolVector(value: boolean): Tensor {
  return { type: 'bool', data: Uint8Array.of(value ? 1 : 0), dims: [1] };
}

/** A tensor of zeros of one of the two floating-point types; an empty one if one of `dims` is 0. */
export function zeros(type: 'float32' | 'float16', dims: readonly number[]): Tensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return type === 'float32'
    ? { type, data: new Float32Array(count), dims }
    : { type, data: new Uint16Array(count), dims };
}

/** A tensor's values as single precision; half precision is widened, which loses nothing. */
export function asFloat32({ type, data }: Tensor): Float32Array {
  switch (type) {
    case 'float32':
      return data;
    case 'float16':
      return Float32Array.from(data, halfToNumber);
    default:
      throw new TypeError(`expected a floating-point tensor, got ${type}`);
  }
}

/** The values of a tensor of bytes. */
export function asBytes({ type, data }: Tensor): Uint8Array {
  if (type !== 'uint8') {
    throw new TypeError(`expected a tensor of bytes, got ${type}`);
  }
  return data;
}

/** The values of a tensor of whole numbers. */
export function asIntegers({ type, data }: Tensor): BigInt64Array {
  if (type !== 'int64') {
    throw new TypeError(`expected a tensor of whole numbers, got ${type}`);
  }
  return data;
}

/** A tensor's values as JavaScript's numbers; of whole numbers those up to 2^53 stay what they are. */
export function asNumbers({ type, data }: Tensor): ArrayLike<number> {
  switch (type) {
    case 'int64':
      return Array.from(data, Number);
    case 'float16':
      return Float32Array.from(data, halfToNumber);
    default:
      return data;
  }
}

/** Rounds a number to half precision, halves to even, as its 16 bits (IEEE 754-2019, binary16). */
export function toFloat16(value: number): number {
  if (Number.isNaN(value)) {
    return 0x7e00;
  }
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === Infinity) {
    return sign | 0x7c00;
  }
  // The exponent of the numbers around; below 2^-14 they lie as close as there.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // From 2048 steps on, the carry goes into the exponent, and at last to infinity.
  return sign | Math.min(0x7c00, (exponent + 14) * 1024 + steps);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** Decodes one half-precision number (IEEE 754-2019, binary16). */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  if (exponent === 0x1f) {
    return fraction ? NaN : sign * Infinity;
  }
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
