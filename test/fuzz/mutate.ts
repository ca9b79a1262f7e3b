import { BYTE_CHANGES } from './byteChanges';
import { LARGEST_BYTES, LARGEST_JSON_BYTES } from './change';
import type { NamedChange } from './change';
import type { Format, Specimen } from './corpus';
import { GRAPH_CHANGES } from './graphChanges';
import { HEADER_CHANGES } from './headerChanges';
import { LIST_CHANGES } from './listChanges';
import { MESSAGE_CHANGES } from './messageChanges';
import type { Random } from './random';
import { TOKENIZER_CHANGES } from './tokenizerChanges';

/** A damaged file, and what was done to it. */
export interface Mutant {
  format: Format;
  bytes: Uint8Array;
  changes: string[];
}

const MOST_CHANGES = 3;

/** What leaves a graph readable leads farther than what does not, so it comes twice as often. */
const MEANT: readonly NamedChange[] = [...MESSAGE_CHANGES, ...GRAPH_CHANGES];

const CHANGES: Readonly<Record<Format, readonly NamedChange[]>> = {
  onnx: [...BYTE_CHANGES, ...MEANT, ...MEANT],
  safetensors: [...BYTE_CHANGES, ...HEADER_CHANGES],
  index: [...BYTE_CHANGES, ...HEADER_CHANGES],
  tokenizer: [...BYTE_CHANGES, ...LIST_CHANGES, ...TOKENIZER_CHANGES, ...TOKENIZER_CHANGES],
  configuration: [...BYTE_CHANGES, ...HEADER_CHANGES, ...LIST_CHANGES, ...LIST_CHANGES],
};

const LARGEST: Readonly<Record<Format, number>> = {
  onnx: LARGEST_BYTES,
  safetensors: LARGEST_BYTES,
  index: LARGEST_BYTES,
  tokenizer: LARGEST_JSON_BYTES,
  configuration: LARGEST_JSON_BYTES,
};

/**
 * Damages a file in one to three ways.
 * @param others files that parts may come from
 */
export function mutate(
  { name, format, bytes: sound }: Specimen,
  others: readonly Uint8Array[],
  random: Random,
): Mutant {
  let bytes = sound;
  const changes = [name];
  for (let left = 1 + random.below(MOST_CHANGES); left > 0; left--) {
    const [what, change] = random.of(CHANGES[format]);
    const changed = change(bytes, random, others);
    if (changed !== undefined && changed.length <= LARGEST[format]) {
      bytes = changed;
      changes.push(what);
    }
  }
  return { format, bytes, changes };
}
