import { BPE, Unigram, WordPiece } from '@huggingface/tokenizers';
import type { TextRange } from '../shared/text';
import type { AlignedText } from './alignedText';
import type { ModelEntry } from './schema';

/** A token of a word; `start` and `end` are units of the word. */
export interface Piece extends TextRange {
  id: number;
}

/** Splits a word into tokens. */
export type SplitWord = (word: AlignedText) => Piece[];

/** A tokenizer's model: the vocabulary, and how words are split into its entries. */
export interface WordModel {
  /** By id; with holes where the vocabulary has some. */
  pieces: readonly string[];
  ids: ReadonlyMap<string, number>;
  unknownId: number | undefined;
  splitWord: SplitWord;
}

/** Wraps a model of the library so that it says which part of the word each token is. */
export function createWordModel(entry: ModelEntry): WordModel {
  switch (entry.type) {
    case 'WordPiece': {
      const model = new WordPiece(entry);
      const prefix = entry.continuing_subword_prefix;
      const idOf = (piece: string) => model.tokens_to_ids.get(piece) ?? model.unk_token_id;
      return describe(model, ({ text }) =>
        locateWordPieces(text, model.encode([text]), prefix, idOf),
      );
    }
    case 'Unigram': {
      const model = new Unigram({ ...entry, unk_id: entry.unk_id ?? null }, '');
      return describe(model, ({ text }) => locateUnigrams(model, text));
    }
    case 'BPE': {
      const model = new BPE({
        type: 'BPE',
        vocab: entry.vocab,
        merges: entry.merges,
        // Files that have no unknown token may say so with an empty one.
        unk_token: entry.unk_token === '' ? null : (entry.unk_token ?? null),
        byte_fallback: entry.byte_fallback === true,
        fuse_unk: entry.fuse_unk === true,
        ignore_merges: entry.ignore_merges === true,
        end_of_word_suffix: entry.end_of_word_suffix ?? null,
      });
      return describe(model, createBpeLocator(model, entry));
    }
  }
}

function describe(model: BPE | WordPiece | Unigram, splitWord: SplitWord): WordModel {
  return {
    pieces: model.vocab,
    ids: model.tokens_to_ids,
    unknownId: model.unk_token_id ?? undefined,
    splitWord,
  };
}

/** A word is either pieces that add up to it, or one unknown token. */
function locateWordPieces(
  word: string,
  pieces: readonly string[],
  prefix: string,
  idOf: (piece: string) => number | undefined,
): Piece[] {
  const located: Piece[] = [];
  let position = 0;
  pieces.forEach((piece, index) => {
    const id = idOf(piece);
    const length = piece.length - (index > 0 ? prefix.length : 0);
    const end = pieces.length === 1 ? word.length : Math.min(word.length, position + length);
    if (id !== undefined) {
      located.push({ id, start: position, end });
    }
    position = end;
  });
  return located;
}

/** Unigram pieces are parts of the word; unknown ones that touch are one token. */
function locateUnigrams(model: Unigram, word: string): Piece[] {
  const located: Piece[] = [];
  const unknown = model.unk_token_id;
  let position = 0;
  // Not `encode`, which spreads the pieces into arguments and fails on very long words.
  for (const piece of model.tokenize(word)) {
    const end = position + piece.length;
    const id = model.tokens_to_ids.get(piece) ?? unknown;
    const last = located.at(-1);
    if (last !== undefined && id === unknown && last.id === unknown && last.end === position) {
      last.end = end;
    } else if (typeof id === 'number') {
      located.push({ id, start: position, end });
    }
    position = end;
  }
  return located;
}

const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/;
const utf8 = new TextEncoder();

/**
 * Byte-pair encoding gives four kinds of pieces: parts of the word, the last of them perhaps with
 * the suffix that ends a word; byte tokens, one for each byte of a character that the vocabulary
 * lacks; unknown tokens; and nothing at all for a character that cannot be told.
 */
function createBpeLocator(model: BPE, entry: Extract<ModelEntry, { type: 'BPE' }>): SplitWord {
  const suffix = entry.end_of_word_suffix ?? '';
  const knows = (character: string) => model.tokens_to_ids.has(character);

  const unknownEnd = (word: string, start: number): number => {
    let end = start;
    for (const character of word.slice(start)) {
      const last = end + character.length === word.length;
      if (
        end > start &&
        (entry.fuse_unk !== true || knows(last ? character + suffix : character))
      ) {
        break;
      }
      end += character.length;
    }
    return end;
  };

  return ({ text: word }) => {
    const located: Piece[] = [];
    let position = 0;
    // Bytes of the character at `position` that tokens have already been found for.
    let bytesDone = 0;
    for (const piece of model._call([word])) {
      const id = model.tokens_to_ids.get(piece) ?? model.unk_token_id;
      if (id === undefined) {
        continue;
      }
      const character = String.fromCodePoint(word.codePointAt(position) ?? 0);
      const bytes = entry.byte_fallback === true ? utf8.encode(character) : undefined;
      const byte = BYTE_TOKEN.exec(piece)?.[1];
      if (bytes && byte !== undefined && bytes[bytesDone] === Number.parseInt(byte, 16)) {
        located.push({ id, start: position, end: position + character.length });
        bytesDone++;
        if (bytesDone === bytes.length) {
          position += character.length;
          bytesDone = 0;
        }
        continue;
      }
      const end = piece === model.unk_token ? unknownEnd(word, position) : undefined;
      const range =
        end === undefined ? findPart(word, piece, position, suffix) : { start: position, end };
      located.push({ id, ...range });
      position = range.end;
    }
    return located;
  };
}

/** Where a piece stands at or after a position; empty where it does not. */
function findPart(word: string, piece: string, position: number, suffix: string): TextRange {
  for (const part of suffix !== '' && piece.endsWith(suffix)
    ? [piece.slice(0, -suffix.length), piece]
    : [piece]) {
    const start = word.startsWith(part, position) ? position : word.indexOf(part, position);
    if (start >= 0) {
      return { start, end: start + part.length };
    }
  }
  return { start: position, end: position };
}
