import type { NamedToken } from '../../shared/text';
import type { Tokenizer } from '../../tokenizer/tokenizer';

/** A token as it reads; with its entry of the vocabulary where it is no whole characters. */
export function namedToken(tokenizer: Tokenizer, id: number): NamedToken {
  const text = tokenizer.tokenText(id);
  return text.includes('\ufffd') ? { text, piece: tokenizer.pieceText(id) } : { text };
}
