import type { Random } from './random';

/** A field of a protobuf message, by bytes of the file. */
export interface FieldPlace {
  number: number;
  wire: number;
  /** Where the field begins, and its content. */
  at: number;
  start: number;
  end: number;
}

/** The wire type of strings and messages. */
export const LENGTH = 2;

/** The fields from `start` to `end`; undefined if that is no message. */
export function fieldsOf(bytes: Uint8Array, start: number, end: number): FieldPlace[] | undefined {
  const fields: FieldPlace[] = [];
  for (let at = start; at < end;) {
    const tag = readVarint(bytes, at, end);
    const wire = tag === undefined ? -1 : tag.value % 8;
    const number = tag === undefined ? 0 : Math.floor(tag.value / 8);
    if (tag === undefined || number === 0) {
      return undefined;
    }
    let content = tag.end;
    let next: number;
    if (wire === 0 || wire === LENGTH) {
      const value = readVarint(bytes, content, end);
      if (value === undefined) {
        return undefined;
      }
      next = wire === 0 ? value.end : value.end + value.value;
      content = wire === 0 ? content : value.end;
    } else if (wire === 1 || wire === 5) {
      next = content + (wire === 1 ? 8 : 4);
    } else {
      return undefined;
    }
    if (next > end) {
      return undefined;
    }
    fields.push({ number, wire, at, start: content, end: next });
    at = next;
  }
  return fields;
}

/** The way from the whole file to some field in it: each lies in the one before. */
export type Way = readonly FieldPlace[];

/** How often a walk goes on into a message, where it could end there. */
const GO_ON = 0.8;

/** Goes from the file into its messages; undefined if the file is no message. */
export function walk(bytes: Uint8Array, random: Random): Way | undefined {
  const way: FieldPlace[] = [];
  let fields = fieldsOf(bytes, 0, bytes.length);
  while (fields !== undefined && fields.length > 0) {
    // Nearly all of a model is in its graph.
    const graph = way.length === 0 ? fields.filter(({ wire }) => wire === LENGTH) : [];
    const field = random.of(graph.length > 0 && random.unit() < 0.9 ? graph : fields);
    way.push(field);
    const isMessage = field.wire === LENGTH && random.unit() < GO_ON;
    fields = isMessage ? fieldsOf(bytes, field.start, field.end) : undefined;
  }
  return way.length > 0 ? way : undefined;
}

/** The file with something else in the place of the last field; lengths around it are corrected. */
export function withField(bytes: Uint8Array, way: Way, field: Uint8Array): Uint8Array {
  return way.reduceRight<Uint8Array>((inner, place, index) => {
    const around = way[index - 1];
    const [from, to] = around === undefined ? [0, bytes.length] : [around.start, around.end];
    const content = [bytes.subarray(from, place.at), inner, bytes.subarray(place.end, to)];
    return around === undefined ? Buffer.concat(content) : block(around.number, ...content);
  }, field);
}

/** A field with a message or a string. */
export function block(number: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(number * 8 + LENGTH), varint(length), ...content]);
}

/** A whole number that is not negative, below 2^53. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes.push((rest % 0x80) | 0x80);
  }
  return Uint8Array.from([...bytes, rest]);
}

function readVarint(
  bytes: Uint8Array,
  from: number,
  end: number,
): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = from; at < Math.min(end, from + 10); at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - from));
    if (byte < 0x80) {
      return { value, end: at + 1 };
    }
  }
  return undefined;
}
