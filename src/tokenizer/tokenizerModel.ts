import { createBpe } from './bpe';
import type { ModelEntry } from './schema';
import type { PreToken, SplitText } from './splitText';
import { createUnigram } from './unigram';
import { createWordPiece } from './wordpiece';

/** A tokenizer's model: the vocabulary, and how words are split into its entries. */
export interface TokenizerModel {
  /** By id; with holes where the vocabulary has some. */
  pieces: readonly string[];
  ids: ReadonlyMap<string, number>;
  unknownId: number | undefined;
  splitWord: SplitText;
}

/** The unknown token of a word-level model whose file does not name it, as in `tokenizers`. */
const DEFAULT_UNKNOWN_TOKEN = '<unk>';

/** Makes a model of its entry in tokenizer.json. */
export function createTokenizerModel(entry: ModelEntry): TokenizerModel {
  const ids = new Map(
    entry.type === 'Unigram'
      ? entry.vocab.map(([piece], id) => [piece, id] as const)
      : Object.entries(entry.vocab),
  );
  const pieces: string[] = [];
  for (const [piece, id] of entry.type === 'Unigram' ? [] : ids) {
    pieces[id] = piece;
  }
  switch (entry.type) {
    case 'WordPiece':
      return {
        ...{ pieces, ids, unknownId: ids.get(entry.unk_token) },
        splitWord: remembering(createWordPiece(entry, ids)),
      };
    case 'WordLevel': {
      const unknownId = ids.get(entry.unk_token ?? DEFAULT_UNKNOWN_TOKEN);
      return { pieces, ids, unknownId, splitWord: createWords(ids, unknownId) };
    }
    case 'Unigram':
      return {
        pieces: entry.vocab.map(([piece]) => piece),
        ...{ ids, unknownId: entry.unk_id ?? undefined },
        splitWord: remembering(createUnigram(entry, ids)),
      };
    case 'BPE':
      return {
        ...{ pieces, ids, unknownId: ids.get(entry.unk_token ?? '') },
        splitWord: remembering(createBpe(entry, ids)),
      };
  }
}

/** Every word is one token. */
function createWords(ids: ReadonlyMap<string, number>, unknownId: number | undefined): SplitText {
  return (word) => {
    const id = ids.get(word) ?? unknownId;
    return id === undefined ? [] : [{ id, start: 0, end: word.length }];
  };
}

/** Words whose tokens are remembered. Running text has far fewer different ones. */
const REMEMBERED_WORDS = 10_000;

/** Longer words are rarely seen twice. */
const REMEMBERED_LENGTH = 64;

/** Remembers the tokens of short words; most words of a text come again. */
function remembering(split: SplitText): SplitText {
  const known = new Map<string, readonly PreToken[]>();
  return (word) => {
    if (word.length > REMEMBERED_LENGTH) {
      return split(word);
    }
    let pieces = known.get(word);
    if (pieces === undefined) {
      pieces = split(word);
      if (known.size >= REMEMBERED_WORDS) {
        known.clear();
      }
      known.set(word, pieces);
    }
    return pieces;
  };
}
