import type { Change, NamedChange } from './change';
import type { Random } from './random';

const NUMBER = /\d+/g;
const TEXT = /"[^"]*"/g;
const VALUE = /"[^"]*"|\d+/g;

/** What numbers can be that should be sizes. */
const NUMBERS = [
  ...['0', '1', '-1', '1.5', '1e400', '-0', '4294967296', '9007199254740991', '9007199254740993'],
  ...['9223372036854775807', '1e-3', '00'],
];

/** What texts can be that should be names, types or places. */
const TEXTS = [
  ...['""', '"__proto__"', '"__metadata__"', '"constructor"', '"data_offsets"', '"F32"', '"F4"'],
  ...['"BOOL"', '"I64"', '"C64"', '"../model.safetensors"', '"/model.safetensors"', '"\\u0000"'],
  `"${'x'.repeat(5000)}"`,
];

const VALUES = ['null', 'true', '[]', '{}', '[[]]', '{"a":1}', '""', '0', ''];

/** What bugs and attackers do to JSON, and to the length of it where that stands before it. */
export const HEADER_CHANGES: readonly NamedChange[] = [
  ['number extreme', onToken(NUMBER, (random) => random.of(NUMBERS))],
  ['number of another place', onToken(NUMBER, (random, all) => random.of(all))],
  ['text odd', onToken(TEXT, (random) => random.of(TEXTS))],
  ['text of another place', onToken(TEXT, (random, all) => random.of(all))],
  ['value of another type', onToken(VALUE, (random) => random.of(VALUES))],
  ['value nested deeply', onToken(VALUE, nested)],
  [
    'value repeated',
    onToken(NUMBER, (random, all) => Array(random.below(300)).fill(random.of(all)).join()),
  ],
  ['length of the header wrong', wrongLength],
];

/** Bytes of the length before a header; an index has none. */
const LENGTH_BYTES = 8;

/** A file in its parts; `prefix` is undefined in a file of JSON alone. */
interface Parts {
  prefix: Uint8Array | undefined;
  header: string;
  data: Uint8Array;
}

function partsOf(bytes: Uint8Array): Parts | undefined {
  // Latin-1 keeps every byte as it is.
  const text = (part: Uint8Array): string => Buffer.from(part).toString('latin1');
  if (bytes[0] === '{'.charCodeAt(0)) {
    return { prefix: undefined, header: text(bytes), data: new Uint8Array(0) };
  }
  if (bytes.length < LENGTH_BYTES) {
    return undefined;
  }
  const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
  const end = Math.min(bytes.length, LENGTH_BYTES + length);
  return {
    prefix: bytes.subarray(0, LENGTH_BYTES),
    header: text(bytes.subarray(LENGTH_BYTES, end)),
    data: bytes.subarray(end),
  };
}

/** Puts something in the place of a token; the length before the header is corrected. */
function onToken(
  pattern: RegExp,
  change: (random: Random, all: readonly string[]) => string,
): Change {
  return (bytes, random) => {
    const parts = partsOf(bytes);
    const tokens = [...(parts?.header.matchAll(pattern) ?? [])];
    if (parts === undefined || tokens.length === 0) {
      return undefined;
    }
    const { index, 0: token } = random.of(tokens);
    const instead = change(
      random,
      tokens.map(([each]) => each),
    );
    const { header, data, prefix } = parts;
    const changed = Buffer.from(
      header.slice(0, index) + instead + header.slice(index + token.length),
      'latin1',
    );
    return Buffer.concat(
      prefix === undefined ? [changed] : [lengthOf(BigInt(changed.length)), changed, data],
    );
  };
}

function nested(random: Random, all: readonly string[]): string {
  const depth = random.of([3, 100, 10_000, 100_000]);
  const [open, close] = random.of([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  return open.repeat(depth) + random.of(all) + (random.unit() < 0.9 ? close.repeat(depth) : '');
}

function wrongLength(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const { prefix } = partsOf(bytes) ?? {};
  if (prefix === undefined) {
    return undefined;
  }
  const right = Buffer.from(prefix).readBigUInt64LE(0);
  const wrong = random.of([
    ...[0n, 1n, right - 1n, right + 1n, BigInt(bytes.length), BigInt(random.below(bytes.length))],
    ...[2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n],
  ]);
  return Buffer.concat([lengthOf(BigInt.asUintN(64, wrong)), bytes.subarray(LENGTH_BYTES)]);
}

function lengthOf(length: bigint): Uint8Array {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  bytes.writeBigUInt64LE(length);
  return bytes;
}
