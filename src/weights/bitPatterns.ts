import type { DType } from '../onnx/graph/model';
import { elementsOf } from './elements';
import { smallFloats } from './smallFloats';

/** Numbers by their bits, which are looked up for each element and the same for all tensors of a type. */
const KNOWN = new Map<DType, Float32Array | undefined>();

/** Types of two bytes. */
const TWO_BYTES: ReadonlySet<DType> = new Set(['float16', 'bfloat16', 'int16', 'uint16']);

/** Types of one byte that are no small floats. */
const ONE_BYTE: ReadonlySet<DType> = new Set(['int8', 'uint8', 'bool']);

/**
 * The numbers that elements of one or two bytes stand for, by their bits: 256 or 65,536, each exact.
 * @returns undefined for types of other sizes, and without numbers.
 */
export function numbersByBits(dtype: DType): Float32Array | undefined {
  if (!KNOWN.has(dtype)) {
    KNOWN.set(dtype, table(dtype));
  }
  return KNOWN.get(dtype);
}

function table(dtype: DType): Float32Array | undefined {
  if (TWO_BYTES.has(dtype)) {
    const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
    return elementsOf(new Uint8Array(bits.buffer), dtype, bits.length, dtype);
  }
  if (ONE_BYTE.has(dtype)) {
    const bits = Uint8Array.from({ length: 2 ** 8 }, (_, i) => i);
    return elementsOf(bits, dtype, bits.length, dtype);
  }
  const floats = smallFloats(dtype);
  return floats?.length === 2 ** 8 ? floats : undefined;
}
