import type { ResultWarning } from '../../shared/resultWarning';
import type { Token } from '../../shared/text';
import type { Tokenizer } from '../../tokenizer/tokenizer';

/** How many characters are named at most. */
const NAMED = 20;

/**
 * Characters that a tokenizer has no token for, so that the model saw nothing of them.
 * @param text what was tokenized.
 * @param tokens its tokens, or those of the part that the model reads.
 */
export function unknownCharacters(
  tokenizer: Tokenizer,
  text: string,
  tokens: readonly Token[],
): ResultWarning | undefined {
  const { unknown } = tokenizer.specialTokens;
  if (unknown === undefined) {
    return undefined;
  }
  // Where a word with such a character is one token, the others of it are known all the same.
  const known = new Map<string, boolean>();
  const isKnown = (character: string): boolean => {
    const found =
      known.get(character) ??
      tokenizer.encode(character, { addSpecialTokens: false }).every(({ id }) => id !== unknown);
    known.set(character, found);
    return found;
  };
  const counts = new Map<string, number>();
  let end = 0;
  for (const token of tokens.filter(({ id, special }) => id === unknown && !special)) {
    // Tokens of one character share its range.
    for (const character of text.slice(Math.max(token.start, end), token.end)) {
      if (character.trim() !== '' && !isKnown(character)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    end = Math.max(end, token.end);
  }
  if (counts.size === 0) {
    return undefined;
  }
  const own = tokens.filter(({ special }) => !special);
  const read = text.slice(own[0]?.start, own.at(-1)?.end);
  const visible = Array.from(read).filter((character) => character.trim() !== '').length;
  const byFrequency = Array.from(counts).sort(([, a], [, b]) => b - a);
  const total = byFrequency.reduce((sum, [, count]) => sum + count, 0);
  return {
    kind: 'unknownCharacters',
    characters: byFrequency.slice(0, NAMED).map(([character]) => character),
    share: total / visible,
  };
}
