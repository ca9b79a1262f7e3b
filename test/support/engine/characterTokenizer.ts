import type { Token } from '../../../src/shared/text';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer';

/** Knows every character, and takes each for a token. */
export const CHARACTER_TOKENIZER: Tokenizer = {
  tokenText: String,
  encode: (text) => {
    let end = 0;
    return Array.from(text, (character): Token => {
      const start = end;
      end += character.length;
      return { id: 1, text: character, piece: character, start, end, special: false };
    });
  },
} as Partial<Tokenizer> as Tokenizer;
