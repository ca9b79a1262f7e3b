import type { DType, Span, TypedField } from './model';

/** Which fields of TensorProto hold elements of a type one by one, by `onnx.proto`. */
const FIELDS: Readonly<Partial<Record<DType, TypedField>>> = {
  float32: 'float_data',
  complex64: 'float_data',
  float64: 'double_data',
  complex128: 'double_data',
  int64: 'int64_data',
  uint64: 'uint64_data',
  uint32: 'uint64_data',
  int32: 'int32_data',
  int16: 'int32_data',
  uint16: 'int32_data',
  int8: 'int32_data',
  uint8: 'int32_data',
  bool: 'int32_data',
  float16: 'int32_data',
  bfloat16: 'int32_data',
  // Two elements each, as in the raw layout.
  int4: 'int32_data',
  uint4: 'int32_data',
};

/** Fields whose numbers are varints; those of the others are as in the raw layout. */
const VARINTS: ReadonlySet<TypedField> = new Set(['int32_data', 'int64_data', 'uint64_data']);

/** The longest varint, that of 64 bits, in bytes. */
const VARINT_BYTES = 10;

/** The most bytes that an element takes, those of complex128. */
export const LARGEST_NUMBER = 16;

/** Whether a field may hold the elements of a tensor of this type. */
export function mayHold(field: TypedField, dtype: DType): boolean {
  return FIELDS[dtype] === field;
}

/**
 * The contents of fields, one behind the other. What lies between them are tags, if anything.
 * @param around bytes of the file from `start` on, which all of the fields lie in.
 */
export function joinedSpans(around: Uint8Array, start: number, spans: readonly Span[]): Uint8Array {
  const content = new Uint8Array(spans.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { offset, length } of spans) {
    content.set(around.subarray(offset - start, offset - start + length), at);
    at += length;
  }
  return content;
}

/**
 * Lays out raw what a field of TensorProto holds one by one.
 * @param content The contents of the field, packed or single, one behind the other.
 * @param rawLength Bytes of the raw layout.
 * @param numbers How many numbers the field must hold: as many as elements, or half as many of those
 *   of 4 bits.
 * @returns undefined if there are more numbers or fewer, or if one does not end.
 */
export function rawLayout(
  content: Uint8Array,
  field: TypedField,
  rawLength: number,
  numbers: number,
): Uint8Array | undefined {
  if (!VARINTS.has(field)) {
    return content.length === rawLength ? content : undefined;
  }
  const raw = new Uint8Array(rawLength);
  const width = numbers === 0 ? 0 : rawLength / numbers;
  let at = 0;
  for (let number = 0; number < numbers; number++) {
    const end = readVarint(content, at, raw.subarray(number * width, (number + 1) * width));
    if (end === undefined) {
      return undefined;
    }
    at = end;
  }
  return at === content.length ? raw : undefined;
}

/** Reads the lowest bytes of a varint into `target`. Answers where it ends; undefined if nowhere. */
function readVarint(content: Uint8Array, from: number, target: Uint8Array): number | undefined {
  // Seven bits come at a time, of which eight are taken: never more than 15 are waiting.
  let waiting = 0;
  let bits = 0;
  let filled = 0;
  for (let at = from; at < from + VARINT_BYTES; at++) {
    const byte = content[at];
    if (byte === undefined) {
      return undefined;
    }
    waiting |= (byte & 0x7f) << bits;
    bits += 7;
    if (bits >= 8 && filled < target.length) {
      target[filled++] = waiting & 0xff;
      waiting >>>= 8;
      bits -= 8;
    }
    if (byte < 0x80) {
      if (filled < target.length) {
        target[filled] = waiting & 0xff;
      }
      return at + 1;
    }
  }
  return undefined;
}
