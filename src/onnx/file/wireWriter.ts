import { FIXED32, LENGTH, VARINT } from './wireType';

const ENCODER = new TextEncoder();

/**
 * A field of wire type 2: a message or a string. A model with a hundred layers gets a hundred
 * thousand of them, so each is written at once into its place.
 * @param content parts, or lists of parts; of these a model may have more than a call can have
 *   arguments.
 */
export function block(
  number: number,
  ...content: readonly (Uint8Array | string | readonly Uint8Array[])[]
): Uint8Array<ArrayBuffer> {
  const parts = content.flatMap((part) =>
    typeof part === 'string' && !isAscii(part) ? ENCODER.encode(part) : part,
  );
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const [whole, start] = withHead(number, length, length);
  let at = start;
  for (const part of parts) {
    if (typeof part === 'string') {
      for (let index = 0; index < part.length; index++) {
        whole[at + index] = part.charCodeAt(index);
      }
    } else {
      whole.set(part, at);
    }
    at += part.length;
  }
  return whole;
}

/** What stands before `length` bytes of content of a field of wire type 2: tag and length. */
export function head(number: number, length: number): Uint8Array {
  return withHead(number, length, 0)[0];
}

/** Tag and length, and space for content behind them; where that begins. */
function withHead(
  number: number,
  length: number,
  space: number,
): [whole: Uint8Array<ArrayBuffer>, start: number] {
  const tag = number * 8 + LENGTH;
  const start = varintLength(tag) + varintLength(length);
  const whole = new Uint8Array(start + space);
  writeVarint(length, whole, writeVarint(tag, whole, 0));
  return [whole, start];
}

/** A field of wire type 0, for a whole number; negative ones take ten bytes. */
export function integer(number: number, value: number): Uint8Array {
  const tag = number * 8 + VARINT;
  const rest = value < 0 ? negativeVarint(value) : undefined;
  const field = new Uint8Array(varintLength(tag) + (rest?.length ?? varintLength(value)));
  const start = writeVarint(tag, field, 0);
  if (rest === undefined) {
    writeVarint(value, field, start);
  } else {
    field.set(rest, start);
  }
  return field;
}

/** A field of wire type 5, for a number in single precision. */
export function float(number: number, value: number): Uint8Array {
  const tag = number * 8 + FIXED32;
  const field = new Uint8Array(varintLength(tag) + 4);
  new DataView(field.buffer).setFloat32(writeVarint(tag, field, 0), value, true);
  return field;
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

/** Whether a text has as many bytes as characters. */
function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) >= 0x80) {
      return false;
    }
  }
  return true;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    length += 1;
  }
  return length;
}

/** Writes a number that is not negative; answers where it ends. */
function writeVarint(value: number, to: Uint8Array, start: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    to[at++] = (rest % 0x80) | 0x80;
  }
  to[at] = rest;
  return at + 1;
}

/** The two's complement of 64 bits, in groups of seven. */
function negativeVarint(value: number): number[] {
  const bits = BigInt.asUintN(64, BigInt(value));
  return Array.from({ length: 10 }, (_, group) => {
    const seven = Number((bits >> BigInt(7 * group)) & 0x7fn);
    return group < 9 ? seven | 0x80 : seven;
  });
}
