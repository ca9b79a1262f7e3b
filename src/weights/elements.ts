import { Failure, phrase } from '../shared/failure';
import type { DType } from '../onnx/graph/model';

/** Element types that {@link elementsOf} reads as numbers. */
export function isNumeric(dtype: DType): boolean {
  return DECODERS.has(dtype);
}

/**
 * The elements of a tensor as 32-bit floats. They may lie where the bytes lay.
 *
 * @param bytes Laid out raw: little endian, row-major; of types of 4 or 2 bits the first element in the
 *   lowest ones of a byte, as ONNX has them. Each element of `dtype` is rounded to the nearest 32-bit float,
 *   which changes only float64 and integers beyond 2^24.
 * @param count How many there are.
 * @param name What to call the tensor in error messages.
 * @throws Failure of kind `unsupported` for element types without numbers of their own.
 */
export function elementsOf(
  bytes: Uint8Array,
  dtype: DType,
  count: number,
  name: string,
): Float32Array {
  const decode = DECODERS.get(dtype);
  if (decode === undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'Tensor “{0}” has elements of type {1}, which Headlight cannot read',
        name,
        dtype,
      ),
      remedy: phrase('use a model file with weights in float32, float16, bfloat16 or int8'),
    });
  }
  return decode(bytes, count);
}

type Decoder = (bytes: Uint8Array, count: number) => Float32Array;

const DECODERS: ReadonlyMap<DType, Decoder> = new Map<DType, Decoder>([
  ['float32', (bytes) => new Float32Array(aligned(bytes))],
  ['float64', (bytes) => Float32Array.from(new Float64Array(aligned(bytes)))],
  ['float16', (bytes) => halves(new Uint16Array(aligned(bytes)))],
  ['bfloat16', (bytes) => upperHalves(new Uint16Array(aligned(bytes)))],
  ['int8', (bytes) => Float32Array.from(new Int8Array(aligned(bytes)))],
  ['uint8', (bytes) => Float32Array.from(bytes)],
  ['bool', (bytes) => Float32Array.from(bytes, (byte) => (byte === 0 ? 0 : 1))],
  ['int16', (bytes) => Float32Array.from(new Int16Array(aligned(bytes)))],
  ['uint16', (bytes) => Float32Array.from(new Uint16Array(aligned(bytes)))],
  ['int32', (bytes) => Float32Array.from(new Int32Array(aligned(bytes)))],
  ['uint32', (bytes) => Float32Array.from(new Uint32Array(aligned(bytes)))],
  ['int64', (bytes) => Float32Array.from(new BigInt64Array(aligned(bytes)), Number)],
  ['uint64', (bytes) => Float32Array.from(new BigUint64Array(aligned(bytes)), Number)],
  ['uint4', (bytes, count) => packedIntegers(bytes, 4, count)],
  ['int4', (bytes, count) => packedIntegers(bytes, 4, count).map((bits) => (bits ^ 8) - 8)],
  ['uint2', (bytes, count) => packedIntegers(bytes, 2, count)],
  ['int2', (bytes, count) => packedIntegers(bytes, 2, count).map((bits) => (bits ^ 2) - 2)],
]);

/**
 * A buffer of the bytes that begins at a multiple of every element size: their own if there is nothing
 * else in it, as with bytes of a file, and a copy otherwise. Every platform here is little endian.
 */
function aligned(bytes: Uint8Array): ArrayBufferLike {
  if (bytes.length === bytes.buffer.byteLength) {
    return bytes.buffer;
  }
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** IEEE 754 binary16: 1 bit sign, 5 bits exponent (bias 15), 10 bits fraction. */
function halves(bits: Uint16Array): Float32Array {
  const result = new Float32Array(bits.length);
  const words = new Uint32Array(result.buffer);
  bits.forEach((half, i) => {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) {
      result[i] = (sign === 0 ? 1 : -1) * fraction * 2 ** -24;
    } else {
      const wide = exponent === 0x1f ? 0xff : exponent + 127 - 15;
      words[i] = sign | (wide << 23) | (fraction << 13);
    }
  });
  return result;
}

/** bfloat16 is the upper half of a 32-bit float. */
function upperHalves(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
}

function packedIntegers(bytes: Uint8Array, bits: 2 | 4, count: number): Float32Array {
  const inByte = 8 / bits;
  return Float32Array.from({ length: count }, (_, i) => {
    const byte = bytes[Math.floor(i / inByte)] ?? 0;
    return (byte >> (bits * (i % inByte))) & (2 ** bits - 1);
  });
}
