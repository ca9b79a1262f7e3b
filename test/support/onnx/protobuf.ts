/** A field of wire type 0, for a whole number that is not negative. */
export function int(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number << 3), ...varint(value)]);
}

/** A field of wire type 2: a string, bytes, or a message made of fields. */
export function block(number: number, ...content: (string | Uint8Array)[]): Uint8Array {
  const parts = content.map((part) => Buffer.from(part));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([head(number, length), ...parts]);
}

/** The tag and length that stand before `length` bytes of content. */
export function head(number: number, length: number): Uint8Array {
  return Uint8Array.from([...varint((number << 3) | 2), ...varint(length)]);
}

/** A whole model: what is in its graph, between what every model has. */
export function model(...graph: Uint8Array[]): Uint8Array {
  return Buffer.concat([int(1, 8), block(7, ...graph), block(8, int(2, 14))]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}
