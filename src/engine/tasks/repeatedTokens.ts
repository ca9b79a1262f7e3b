import type { Token } from '../../shared/text';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import type { RepeatedTokens } from '../../trace/headScores';
import { seededRandom } from '../generation/random';

/** A sequence of random tokens that come twice, between what the tokenizer puts around every text. */
export interface RepeatedSequence extends RepeatedTokens {
  tokens: Token[];
}

/** What a sequence is drawn from. */
export interface RepeatedTokensOptions {
  /** How many tokens the model knows, from 0 on. */
  vocabulary: number;
  /** Tokens that the model sees at once. */
  context: number;
  /** How many tokens of a copy are wanted; fewer where there is no room, or there are no more words. */
  wanted: number;
  seed: number;
}

/** Draws different tokens that are words or parts of words, and puts them down twice in one order. */
export function repeatedTokens(
  tokenizer: Tokenizer,
  { vocabulary, context, wanted, seed }: RepeatedTokensOptions,
): RepeatedSequence {
  const around = tokenizer.encode('a', { addSpecialTokens: true });
  const before = around.slice(
    0,
    around.findIndex(({ special }) => !special),
  );
  const after = around.slice(around.findLastIndex(({ special }) => !special) + 1);
  const room = Math.floor((context - before.length - after.length) / 2);
  const known = Math.min(vocabulary, tokenizer.vocabularySize);
  const copy = draw(tokenizer, known, Math.min(wanted, room), seed);
  return {
    tokens: [...before, ...copy, ...copy, ...after],
    start: before.length,
    length: copy.length,
  };
}

/** Takes tokens out of the vocabulary in a random order, as far as they are words. */
function draw(tokenizer: Tokenizer, known: number, wanted: number, seed: number): Token[] {
  const random = seededRandom(seed);
  const ids = Array.from({ length: known }, (_, id) => id);
  const drawn: Token[] = [];
  for (let left = known; left > 0 && drawn.length < wanted; left--) {
    // Fisher and Yates: the ids in front are those that were not drawn yet.
    const at = Math.floor(random() * left);
    const id = ids[at] ?? 0;
    ids[at] = ids[left - 1] ?? 0;
    if (isWord(tokenizer.decode([id]))) {
      const text = tokenizer.tokenText(id);
      drawn.push({ id, text, piece: tokenizer.pieceText(id), start: 0, end: 0, special: false });
    }
  }
  return drawn;
}

/** Special tokens decode to nothing; entries in brackets were kept free, or stand for bytes. */
function isWord(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text) && !/^\s*[[<]/.test(text);
}
