import { phrase, type Failure, type Phrase } from '../../shared/failure';
import type { Limits } from './limits';
import { beyondLimit, malformed } from './errors';
import type { ByteSource, Span } from '../graph/model';
import type { Message } from './schema';
import { FIXED32, FIXED64, LENGTH, VARINT, type WireType } from './wireType';

/** One field of a message. The content of scalars is at hand, that of `LENGTH` fields is not read. */
export interface Field {
  number: number;
  wire: WireType;
  /** Where the field begins, for error messages. */
  at: number;
  /** The content, in bytes of the file. */
  start: number;
  end: number;
  /** Content of scalars, 64 bits in two unsigned halves; 0 for `LENGTH` fields. */
  low: number;
  high: number;
}

/** Takes a field, of the wire type that the schema says. The next one is read once the promise is kept. */
export type FieldHandler = (field: Field) => Promise<void>;

/** The longest head of a field that is not its content: a tag and a length, or a scalar's value. */
const HEAD_BYTES = 20;
/** The most bytes of a tag; protobuf's parser keeps 32 bits of it. */
const MOST_TAG_BYTES = 5;
const FIRST_FETCH = 4 * 2 ** 10;
const LARGEST_FETCH = 256 * 2 ** 10;

/**
 * Reads protobuf messages from a {@link ByteSource} and fetches only the bytes that are looked at:
 * a field that nobody reads is stepped over, however large. Encoding: protobuf.dev,
 * "Encoding" (wire types, varints, packed fields).
 *
 * Whoever decides by what is read here whether ONNX Runtime may open the file must see what the
 * runtime's parser, protobuf's own, will see: fields of another wire type are none, numbers keep
 * the 32 bits that their type has. What that parser reads and this one does not (groups, tags of
 * more than 32 bits) is refused.
 *
 * Fetches are small after a step over something large and grow while reading goes on in order, so
 * that files with gigabytes of weights among the nodes cost a few KB per tensor.
 */
export class WireReader {
  private position = 0;
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;
  private fetchSize = FIRST_FETCH;
  private fetched = 0;
  private depth = 0;
  private readonly spent = new Map<keyof Limits, number>();
  private readonly names = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private readonly texts = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(
    private readonly source: ByteSource,
    private readonly file: string,
    private readonly limits: Limits,
  ) {}

  /** Reads the whole file as one message. */
  readFile(message: Message, handle: FieldHandler): Promise<void> {
    return this.readFields(0, this.source.size, message, handle);
  }

  /** Reads the content of a field as a message: the fields that the schema has. */
  readMessage(field: Field, message: Message, handle: FieldHandler): Promise<void> {
    return this.readFields(field.start, field.end, message, handle);
  }

  /** A failure that names this file. */
  malformed(what: Phrase): Failure {
    return malformed(what, this.file);
  }

  /** Throws if `amount` is beyond a limit that holds for one item. */
  hold(limit: keyof Limits, amount: number, field: Field): void {
    if (amount > this.limits[limit]) {
      throw beyondLimit(limit, this.limits[limit], field.at, this.file);
    }
  }

  /** Counts towards a limit that holds for the whole file, and throws once it is exceeded. */
  spend(limit: keyof Limits, field: Field, amount = 1): void {
    const spent = (this.spent.get(limit) ?? 0) + amount;
    this.spent.set(limit, spent);
    this.hold(limit, spent, field);
  }

  /** A field of type int64, rounded to the nearest double beyond ±2^53. */
  int64(field: Field): number {
    return signed(field.low, field.high);
  }

  /** A field of type int32 or of an enum, of which the lower 32 bits count, whatever was written. */
  int32(field: Field): number {
    return field.low | 0;
  }

  float(field: Field): number {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, field.low);
    return view.getFloat32(0);
  }

  /** A name. Names that are not UTF-8 are refused, since two of them could read alike. */
  async name(field: Field): Promise<string> {
    this.hold('nameBytes', field.end - field.start, field);
    this.spend('keptBytes', field, field.end - field.start);
    const bytes = await this.bytes(field.start, field.end);
    try {
      return this.names.decode(bytes);
    } catch {
      throw this.malformed(phrase('The name at byte {0} is not valid UTF-8', field.at));
    }
  }

  /** A text for people or programs; undefined if it is longer than `limits.textBytes`. */
  async text(field: Field): Promise<string | undefined> {
    if (field.end - field.start > this.limits.textBytes) {
      return undefined;
    }
    this.spend('keptBytes', field, field.end - field.start);
    return this.texts.decode(await this.bytes(field.start, field.end));
  }

  /** Adds the integers of a repeated field, packed or single. */
  async integers(field: Field, to: number[]): Promise<void> {
    if (field.wire !== LENGTH) {
      to.push(this.int64(field));
      return;
    }
    this.hold('listBytes', field.end - field.start, field);
    const bytes = await this.bytes(field.start, field.end);
    for (let at = 0; at < bytes.length;) {
      const varint = this.varint(bytes, at, field.start);
      to.push(signed(varint.low, varint.high));
      at = varint.end;
    }
  }

  /** Adds the 32-bit floats of a repeated field, packed or single. */
  async floats(field: Field, to: number[]): Promise<void> {
    if (field.wire !== LENGTH) {
      to.push(this.float(field));
      return;
    }
    this.hold('listBytes', field.end - field.start, field);
    const bytes = await this.bytes(field.start, field.end);
    if (bytes.length % 4 !== 0) {
      throw this.malformed(phrase('The list of floats at byte {0} ends within a number', field.at));
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; at += 4) {
      to.push(view.getFloat32(at, true));
    }
  }

  private async readFields(
    start: number,
    end: number,
    message: Message,
    handle: FieldHandler,
  ): Promise<void> {
    if (++this.depth > this.limits.depth) {
      throw beyondLimit('depth', this.limits.depth, start, this.file);
    }
    this.position = start;
    while (this.position < end) {
      const headEnd = Math.min(this.position + HEAD_BYTES, this.source.size);
      if (!this.isBuffered(this.position, headEnd)) {
        await this.fetch(this.position, headEnd);
      }
      const field = this.field(end);
      this.spend('fields', field);
      if (message.wireTypes.get(field.number)?.includes(field.wire) === true) {
        await handle(field);
      }
      this.position = field.end;
    }
    this.depth--;
  }

  /** Decodes the field at `position`, whose head is in the window. */
  private field(messageEnd: number): Field {
    const at = this.position;
    const base = this.windowStart;
    const tag = this.varint(this.window, at - base, base);
    const number = tag.low >>> 3;
    const wire = tag.low & 7;
    if (tag.high !== 0 || number === 0 || tag.end > at - base + MOST_TAG_BYTES) {
      throw this.malformed(phrase('There is no valid field number at byte {0}', at));
    }
    let start = base + tag.end;
    let end: number;
    let low = 0;
    let high = 0;
    if (wire === VARINT || wire === LENGTH) {
      const value = this.varint(this.window, start - base, base);
      if (wire === VARINT) {
        ({ low, high } = value);
        end = base + value.end;
      } else {
        start = base + value.end;
        end = start + value.high * 2 ** 32 + value.low;
      }
    } else if (wire === FIXED32 || wire === FIXED64) {
      end = start + (wire === FIXED32 ? 4 : 8);
      if (end <= messageEnd) {
        const view = new DataView(this.window.buffer, this.window.byteOffset + (start - base));
        low = view.getUint32(0, true);
        high = wire === FIXED64 ? view.getUint32(4, true) : 0;
      }
    } else {
      throw this.malformed(phrase('There is no valid wire type at byte {0}', at));
    }
    if (end > messageEnd) {
      throw messageEnd === this.source.size
        ? this.malformed(
            phrase(
              'The field at byte {0} should end at byte {1}, but the file ends at byte {2}',
              at,
              end,
              messageEnd,
            ),
          )
        : this.malformed(
            phrase(
              'The field at byte {0} should end at byte {1}, but what it is part of ends at byte {2}',
              at,
              end,
              messageEnd,
            ),
          );
    }
    return { number, wire, at, start, end, low, high };
  }

  /** Decodes a varint at `from` in `bytes`, which begin at `base` in the file. */
  private varint(
    bytes: Uint8Array,
    from: number,
    base: number,
  ): { low: number; high: number; end: number } {
    let low = 0;
    let high = 0;
    for (let shift = 0, at = from; shift < 70; shift += 7, at++) {
      const byte = bytes[at];
      if (byte === undefined) {
        break;
      }
      const bits = byte & 0x7f;
      if (shift < 28) {
        low |= bits << shift;
      } else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else {
        high |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        return { low: low >>> 0, high: high >>> 0, end: at + 1 };
      }
    }
    throw this.malformed(phrase('The number at byte {0} does not end', base + from));
  }

  /** The bytes from `start` to `end`, valid until the next fetch. */
  private async bytes(start: number, end: number): Promise<Uint8Array> {
    if (!this.isBuffered(start, end)) {
      await this.fetch(start, end);
    }
    return this.window.subarray(start - this.windowStart, end - this.windowStart);
  }

  private isBuffered(start: number, end: number): boolean {
    return start >= this.windowStart && end <= this.windowStart + this.window.length;
  }

  /** Moves the window, so that it begins at `start` and reaches at least to `end`. */
  private async fetch(start: number, end: number): Promise<void> {
    const windowEnd = this.windowStart + this.window.length;
    const isNext = start >= this.windowStart && start <= windowEnd;
    this.fetchSize = isNext ? Math.min(2 * this.fetchSize, LARGEST_FETCH) : FIRST_FETCH;
    const length = Math.min(Math.max(end - start, this.fetchSize), this.source.size - start);
    this.fetched += length;
    if (this.fetched > this.limits.structureBytes) {
      throw beyondLimit('structureBytes', this.limits.structureBytes, start, this.file);
    }
    const bytes = await this.source.read(start, length);
    if (bytes.length !== length) {
      throw this.malformed(
        phrase('Only {0} of {1} bytes could be read at byte {2}', bytes.length, length, start),
      );
    }
    this.window = bytes;
    this.windowStart = start;
  }
}

/** Where the content of a field lies. */
export function spanOf(field: Field): Span {
  return { offset: field.start, length: field.end - field.start };
}

/** A 64-bit integer in two's complement as a double. */
function signed(low: number, high: number): number {
  return (high | 0) * 2 ** 32 + low;
}
