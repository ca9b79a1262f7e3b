import { byteTokens } from './byteTokens';
import { MinHeap } from './minHeap';
import type { ModelEntry } from './schema';
import type { PreToken, SplitText } from './splitText';

/** Ids are smaller than this, and so are the ranks of merges. */
const ID_RANGE = 2 ** 24;

/** Words are shorter than this: the key of a merge is its rank, and below it its place. */
const PLACE_RANGE = 2 ** 28;

/** A part of a word in the list of those that remain; `id` is −1 once it is merged away. */
interface Part {
  id: number;
  start: number;
  end: number;
  previous: number;
  next: number;
}

/**
 * Byte-pair encoding (Sennrich et al. 2016, section 3.2): neighbours are merged in the order of the
 * list of merges, equal ones from left to right, as `Word::merge_all` of the package `tokenizers`
 * does it.
 *
 * A character that the vocabulary lacks becomes one token for each of its bytes, or else the
 * unknown token. Where the vocabulary has neither, nothing stands for it.
 *
 * @throws Error if a merge has a token that the vocabulary lacks
 */
export function createBpe(
  entry: Extract<ModelEntry, { type: 'BPE' }>,
  ids: ReadonlyMap<string, number>,
): SplitText {
  const prefix = entry.continuing_subword_prefix ?? '';
  const suffix = entry.end_of_word_suffix ?? '';
  const unknown = entry.unk_token === '' ? undefined : ids.get(entry.unk_token ?? '');
  const fallback = entry.byte_fallback === true ? byteTokens(ids) : undefined;
  const merges = readMerges(entry.merges, ids, prefix);

  const partsOf = (word: string): Part[] => {
    const parts: Part[] = [];
    const add = (id: number, start: number, end: number): void => {
      const index = parts.length;
      parts.push({ id, start, end, previous: index - 1, next: index + 1 });
    };
    let isUnknown = false;
    let start = 0;
    for (const character of word) {
      const end = start + character.length;
      const piece = (start > 0 ? prefix : '') + character + (end === word.length ? suffix : '');
      const id = ids.get(piece);
      const bytes = id === undefined ? fallback?.(piece) : undefined;
      const fuses = isUnknown && entry.fuse_unk === true;
      isUnknown = false;
      if (id !== undefined) {
        add(id, start, end);
      } else if (bytes !== undefined) {
        bytes.forEach((byte) => add(byte, start, end));
      } else if (unknown !== undefined) {
        isUnknown = true;
        const last = parts.at(-1);
        if (fuses && last !== undefined) {
          last.end = end;
        } else {
          add(unknown, start, end);
        }
      }
      start = end;
    }
    const last = parts.at(-1);
    if (last !== undefined) {
      last.next = -1;
    }
    return parts;
  };

  return (word) => {
    const whole = entry.ignore_merges === true ? ids.get(word) : undefined;
    if (whole !== undefined) {
      return [{ id: whole, start: 0, end: word.length }];
    }
    const parts = partsOf(word);
    mergeAll(parts, merges);
    return parts.flatMap(({ id, start, end }): PreToken[] => (id < 0 ? [] : [{ id, start, end }]));
  };
}

/** Ranks of merges by the ids of both sides, and what each rank makes. */
interface Merges {
  ranks: ReadonlyMap<number, number>;
  results: readonly number[];
}

function readMerges(
  list: Extract<ModelEntry, { type: 'BPE' }>['merges'],
  ids: ReadonlyMap<string, number>,
  prefix: string,
): Merges {
  const ranks = new Map<number, number>();
  const results: number[] = [];
  list.forEach((merge, rank) => {
    const [left = '', right = ''] = typeof merge === 'string' ? merge.split(' ') : merge;
    const made = left + right.slice(prefix.length);
    const [leftId, rightId, madeId] = [ids.get(left), ids.get(right), ids.get(made)];
    if (leftId === undefined || rightId === undefined || madeId === undefined) {
      throw new Error(`merge ${rank} has a token that is not in the vocabulary`);
    }
    ranks.set(leftId * ID_RANGE + rightId, rank);
    results.push(madeId);
  });
  return { ranks, results };
}

function mergeAll(parts: readonly Part[], { ranks, results }: Merges): void {
  const queue = new MinHeap();
  const rankAt = (place: number): number | undefined => {
    const part = parts[place];
    const next = part === undefined ? undefined : parts[part.next];
    return part === undefined || next === undefined
      ? undefined
      : ranks.get(part.id * ID_RANGE + next.id);
  };
  const enqueue = (place: number): void => {
    const rank = rankAt(place);
    if (rank !== undefined) {
      queue.push(rank * PLACE_RANGE + place);
    }
  };
  for (let place = 0; place < parts.length - 1; place++) {
    enqueue(place);
  }
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const place = key % PLACE_RANGE;
    const part = parts[place];
    const right = part === undefined ? undefined : parts[part.next];
    const made = results[Math.floor(key / PLACE_RANGE)];
    const current = rankAt(place);
    // What was queued may be merged away by now, or have got another neighbour.
    if (
      part === undefined ||
      right === undefined ||
      made === undefined ||
      part.id < 0 ||
      current === undefined ||
      results[current] !== made
    ) {
      continue;
    }
    part.id = made;
    part.end = right.end;
    part.next = right.next;
    right.id = -1;
    const after = parts[right.next];
    if (after !== undefined) {
      after.previous = place;
    }
    enqueue(part.previous);
    enqueue(place);
  }
}
