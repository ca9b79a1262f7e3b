import { LENGTH, VARINT } from './wire';

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

/** A field of wire type 0, for a whole number from 0. */
export function integer(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + VARINT), ...varint(value)]);
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
