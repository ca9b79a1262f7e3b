import { noise } from './byteChanges';
import { LARGEST_BYTES } from './change';
import type { Change, NamedChange } from './change';
import { EXTREMES } from './extremes';
import { block, fieldsOf, LENGTH, varint, walk, withField } from './messages';
import type { FieldPlace, Way } from './messages';
import type { Random } from './random';

/** What bugs and attackers do to protobuf messages. */
export const MESSAGE_CHANGES: readonly NamedChange[] = [
  ['field removed', onField(() => [])],
  ['field doubled', onField((field) => [field, field])],
  ['field repeated', onField((field, random) => repeat(field, timesOf(random)))],
  ['field of another file', onField((field, random, others) => [field, graft(random, others)])],
  [
    'field replaced by one of another file',
    onField((_, random, others) => [graft(random, others)]),
  ],
  ['length wrong', onHead((field, random) => lengthOf(field, random))],
  ['type wrong', onHead((field, random) => [varint(field.number * 8 + random.below(8))])],
  ['number wrong', onHead((field, random) => [varint(random.below(30) * 8 + field.wire)])],
  ['value extreme', extreme],
  ['content of another field', exchange],
  ['content emptied', onContent(() => [])],
  ['content repeated', onContent((content, random) => repeat(content, timesOf(random)))],
  ['nested deeply', onField((field, random) => [nest(field, random)])],
  ['fields in another order', shuffle],
  ['number beyond 32 bits', widen],
  ['message in two parts', split],
  ['field of another wire type beside', onField((field, random) => beside(field, random))],
];

/** Puts something in the place of a field, in a file that is a sound message all the same. */
function onField(
  change: (field: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array[],
): Change {
  return (bytes, random, others) => {
    const way = walk(bytes, random);
    const field = way?.at(-1);
    return way === undefined || field === undefined
      ? undefined
      : withField(
          bytes,
          way,
          Buffer.concat(change(bytes.subarray(field.at, field.end), random, others)),
        );
  };
}

/** Puts something in the place of a field's content. */
function onContent(change: (content: Uint8Array, random: Random) => Uint8Array[]): Change {
  return (bytes, random) => {
    const [way, field] = lengthField(bytes, random) ?? [];
    return way === undefined || field === undefined
      ? undefined
      : withField(
          bytes,
          way,
          block(field.number, ...change(bytes.subarray(field.start, field.end), random)),
        );
  };
}

/** Puts something in the place of a field's tag and length; nothing around it is corrected. */
function onHead(change: (field: FieldPlace, random: Random) => Uint8Array[]): Change {
  return (bytes, random) => {
    const [, field] = lengthField(bytes, random) ?? [];
    return field === undefined
      ? undefined
      : Buffer.concat([
          bytes.subarray(0, field.at),
          ...change(field, random),
          bytes.subarray(field.start),
        ]);
  };
}

/** A tag with a length that is not the one of the content. */
function lengthOf(field: FieldPlace, random: Random): Uint8Array[] {
  const length = field.end - field.start;
  const wrong = random.of([
    ...[0, 1, Math.max(0, length - 1), length + 1, 2 * length, 127, 128],
    ...[2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, random.below(2 ** 20)],
  ]);
  const endless = random.unit() < 0.1;
  const bytes = endless ? new Uint8Array(1 + random.below(12)).fill(0xff) : varint(wrong);
  return [varint(field.number * 8 + LENGTH), bytes];
}

/** Gives a number an extreme value. */
function extreme(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const way = walkTo(bytes, random, ({ wire }) => wire === 0);
  const field = way?.at(-1);
  return way === undefined || field === undefined
    ? undefined
    : withField(bytes, way, Buffer.concat([varint(field.number * 8), random.of(EXTREMES)]));
}

/** Adds to a number what a parser of 32 bits drops. */
function widen(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const way = walkTo(bytes, random, ({ wire, start, end }) => wire === 0 && end - start === 1);
  const field = way?.at(-1);
  if (way === undefined || field === undefined) {
    return undefined;
  }
  const value = (bytes[field.start] ?? 0) + 2 ** 32 * random.of([1, 2, 2 ** 20]);
  return withField(bytes, way, Buffer.concat([varint(field.number * 8), varint(value)]));
}

/** Writes a message as two, of which each has some of the fields; parsers merge them. */
function split(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const [way, field] = lengthField(bytes, random) ?? [];
  const inner = field === undefined ? undefined : fieldsOf(bytes, field.start, field.end);
  if (way === undefined || field === undefined || inner === undefined) {
    return undefined;
  }
  const middle = inner[random.below(inner.length)]?.at ?? field.end;
  const parts = [bytes.subarray(field.start, middle), bytes.subarray(middle, field.end)];
  return withField(bytes, way, Buffer.concat(parts.map((part) => block(field.number, part))));
}

/** A field, and one of the same number that only a careless parser takes for another of it. */
function beside(field: Uint8Array, random: Random): Uint8Array[] {
  const number = (fieldsOf(field, 0, field.length)?.[0]?.number ?? 1) * 8;
  const other = random.of([
    [varint(number), random.of(EXTREMES)],
    [varint(number + 1), random.bytes(8)],
    [varint(number + LENGTH), varint(1), random.bytes(1)],
    [varint(number + 5), random.bytes(4)],
  ]);
  return random.unit() < 0.5 ? [field, ...other] : [...other, field];
}

/**
 * Gives a field the content of another one with the same number: names change places, so that
 * graphs become cyclic or unsorted, and take values that nothing makes.
 */
function exchange(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const [way, field] = lengthField(bytes, random) ?? [];
  const other = walkTo(
    bytes,
    random,
    ({ wire, number, at }) => wire === LENGTH && number === field?.number && at !== field.at,
  )?.at(-1);
  return way === undefined || field === undefined || other === undefined
    ? undefined
    : withField(bytes, way, block(field.number, bytes.subarray(other.start, other.end)));
}

/** A node with a graph with a node …, and the field innermost; or only one message in another. */
function nest(field: Uint8Array, random: Random): Uint8Array {
  const name = block(1, Buffer.from(random.of(['then_branch', 'else_branch', 'body', ''])));
  const operator = block(4, Buffer.from(random.of(['If', 'Loop', 'Scan', ''])));
  const plain = random.unit() < 0.3;
  let nested = field;
  for (let depth = random.of([3, 30, 60, 200]); depth > 0; depth--) {
    nested = plain
      ? block(1 + random.below(16), nested)
      : block(1, operator, block(5, name, block(6, nested)));
  }
  return nested;
}

/** Puts the fields of a message into another order. */
function shuffle(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const [way, field] = lengthField(bytes, random) ?? [];
  const inner = field === undefined ? undefined : fieldsOf(bytes, field.start, field.end);
  if (way === undefined || field === undefined || inner === undefined) {
    return undefined;
  }
  const mixed = inner
    .map((each) => ({ part: bytes.subarray(each.at, each.end), key: random.unit() }))
    .sort((a, b) => a.key - b.key);
  return withField(bytes, way, block(field.number, Buffer.concat(mixed.map(({ part }) => part))));
}

function graft(random: Random, others: readonly Uint8Array[]): Uint8Array {
  const other = random.of(others);
  const field = walk(other, random)?.at(-1);
  return field === undefined ? noise(random) : other.subarray(field.at, field.end);
}

function lengthField(bytes: Uint8Array, random: Random): [Way, FieldPlace] | undefined {
  const way = walkTo(bytes, random, ({ wire }) => wire === LENGTH);
  const field = way?.at(-1);
  return way === undefined || field === undefined ? undefined : [way, field];
}

/** Walks a few times, until one ends where it should. */
function walkTo(
  bytes: Uint8Array,
  random: Random,
  isGoal: (field: FieldPlace) => boolean,
): Way | undefined {
  for (let tries = 8; tries > 0; tries--) {
    const way = walk(bytes, random);
    const field = way?.at(-1);
    if (field !== undefined && isGoal(field)) {
      return way;
    }
  }
  return undefined;
}

/** Mostly few, since many take long; many show where time or memory grows faster than the file. */
function timesOf(random: Random): number {
  return random.below(random.unit() < 0.02 ? LARGEST_BYTES : 300);
}

function repeat(part: Uint8Array, times: number): Uint8Array[] {
  const most = Math.floor(LARGEST_BYTES / (part.length + 1));
  return [Buffer.concat(new Array<Uint8Array>(Math.min(times, most)).fill(part))];
}
