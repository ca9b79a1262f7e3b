import { LARGEST_JSON_BYTES, type NamedChange } from './change';
import type { Random } from './random';

/** A value of an object, in JSON as programs write it. */
const VALUE = /(?<="\s*:\s*)(?:"[^"]*"|-?\d+|true|false|null)/g;

/** What lists are made of: short ones take the most memory for their length. */
const ITEMS = ['1', '-1', '[1]', '[]', '{}', '""', '[[1],1]', '{"a":1}', 'null'];

/** Lists of up to millions, which take far more memory than their text. */
export const LIST_CHANGES: readonly NamedChange[] = [['an oversized list', oversizedList]];

function oversizedList(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const values = [...text.matchAll(VALUE)];
  if (values.length === 0) {
    return undefined;
  }
  const { index, 0: value } = random.of(values);
  const item = random.of(ITEMS);
  const most = LARGEST_JSON_BYTES / 2 ** (1 + random.below(14));
  const list = `[${`${item},`.repeat(Math.floor(most / (item.length + 1)))}${item}]`;
  return Buffer.from(text.slice(0, index) + list + text.slice(index + value.length), 'latin1');
}
