import type { DType } from '../onnx/graph/model';
import { numbersByBits } from './bitPatterns';
import { elementsOf } from './elements';
import { smallFloats } from './smallFloats';

/** Elements of a tensor: 64-bit floats where 32 bits would round them. */
export type Numbers = Float32Array | Float64Array;

/**
 * The elements of a tensor, none of them rounded but integers of 64 bits beyond 2^53. Unlike
 * {@link elementsOf} also those of floats of 8 and 4 bits, and fast enough for tensors of any size.
 *
 * @param bytes Laid out raw, as {@link elementsOf} has them; may be more than `count` elements are in.
 * @throws Failure of kind `unsupported` for element types without numbers of their own.
 */
export function numbersOf(bytes: Uint8Array, dtype: DType, count: number, name: string): Numbers {
  const byBits = numbersByBits(dtype);
  if (byBits !== undefined) {
    return lookedUp(bitsOf(bytes, dtype, count), byBits);
  }
  switch (dtype) {
    case 'float32':
      return new Float32Array(...place(bytes, 4), count);
    case 'float64':
      return new Float64Array(...place(bytes, 8), count);
    case 'int32':
      return new Float64Array(new Int32Array(...place(bytes, 4), count));
    case 'uint32':
      return new Float64Array(new Uint32Array(...place(bytes, 4), count));
    case 'int64':
      return longs(bytes, count, true);
    case 'uint64':
      return longs(bytes, count, false);
    case 'uint4':
    case 'int4':
    case 'uint2':
    case 'int2':
    case 'float4e2m1':
      return packedNumbers(bytes, dtype, count);
    default:
      return elementsOf(bytes, dtype, count, name);
  }
}

/** The bits of elements of one or two bytes. */
export function bitsOf(bytes: Uint8Array, dtype: DType, count: number): Uint8Array | Uint16Array {
  return numbersByBits(dtype)?.length === 2 ** 8
    ? bytes.subarray(0, count)
    : new Uint16Array(...place(bytes, 2), count);
}

function lookedUp(bits: Uint8Array | Uint16Array, numbers: Float32Array): Float32Array {
  const result = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    result[i] = numbers[bits[i] ?? 0] ?? 0;
  }
  return result;
}

/** Where a typed array may lie on bytes: on a copy, unless they begin at a multiple of its elements' size. */
function place(bytes: Uint8Array, size: number): [buffer: ArrayBufferLike, offset: number] {
  return bytes.byteOffset % size === 0
    ? [bytes.buffer, bytes.byteOffset]
    : [Uint8Array.from(bytes).buffer, 0];
}

/** Integers of 64 bits by their halves: one by one, BigInts would be objects. */
function longs(bytes: Uint8Array, count: number, isSigned: boolean): Float64Array {
  const [buffer, offset] = place(bytes, 4);
  const low = new Uint32Array(buffer, offset, 2 * count);
  const high = isSigned ? new Int32Array(buffer, offset, 2 * count) : low;
  const result = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    result[i] = (high[2 * i + 1] ?? 0) * 2 ** 32 + (low[2 * i] ?? 0);
  }
  return result;
}

/** Numbers of the types that several elements of share a byte, by their bits. */
const PACKED = {
  uint4: Float32Array.from({ length: 16 }, (_, bits) => bits),
  int4: Float32Array.from({ length: 16 }, (_, bits) => (bits ^ 8) - 8),
  uint2: Float32Array.from({ length: 4 }, (_, bits) => bits),
  int2: Float32Array.from({ length: 4 }, (_, bits) => (bits ^ 2) - 2),
  float4e2m1: smallFloats('float4e2m1') ?? new Float32Array(16),
};

function packedNumbers(bytes: Uint8Array, dtype: keyof typeof PACKED, count: number): Float32Array {
  const numbers = PACKED[dtype];
  const result = new Float32Array(count);
  if (numbers.length === 16) {
    for (let i = 0; i < count; i++) {
      result[i] = numbers[((bytes[i >> 1] ?? 0) >> ((i & 1) << 2)) & 15] ?? 0;
    }
  } else {
    for (let i = 0; i < count; i++) {
      result[i] = numbers[((bytes[i >> 2] ?? 0) >> ((i & 3) << 1)) & 3] ?? 0;
    }
  }
  return result;
}
