import { FIXED32, LENGTH, VARINT } from './wire';

/** A field of wire type 2: a message or a string. */
export function block(
  number: number,
  ...content: readonly (Uint8Array | string)[]
): Uint8Array<ArrayBuffer> {
  const parts = content.map((part) =>
    typeof part === 'string' ? new TextEncoder().encode(part) : part,
  );
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concatenate([head(number, length), ...parts]);
}

/** What stands before `length` bytes of content of a field of wire type 2: tag and length. */
export function head(number: number, length: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + LENGTH), ...varint(length)]);
}

/** A field of wire type 0, for a whole number; negative ones take ten bytes. */
export function integer(number: number, value: number): Uint8Array {
  return Uint8Array.from([
    ...varint(number * 8 + VARINT),
    ...(value < 0 ? negativeVarint(value) : varint(value)),
  ]);
}

/** A field of wire type 5, for a number in single precision. */
export function float(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return Uint8Array.from([...varint(number * 8 + FIXED32), ...bytes]);
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): number[] {
  const bytes = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes.push((rest % 0x80) | 0x80);
  }
  return [...bytes, rest];
}

/** The two's complement of 64 bits, in groups of seven. */
function negativeVarint(value: number): number[] {
  const bits = BigInt.asUintN(64, BigInt(value));
  return Array.from({ length: 10 }, (_, group) => {
    const seven = Number((bits >> BigInt(7 * group)) & 0x7fn);
    return group < 9 ? seven | 0x80 : seven;
  });
}
