import type { Tokenizer } from '../../tokenizer/tokenizer';

/** Spells a word as a place wants it. */
export type Casing = (word: string) => string;

/**
 * How a word is to be spelled in a blank. Models that know capitals spell for themselves; the words
 * of others follow what the blank hides, or, if that has no letter, begin sentences with a capital.
 * @param hidden what stands in the blank; undefined for a mask.
 * @param before what stands before it.
 */
export function casingFor(
  tokenizer: Tokenizer,
  hidden: string | undefined,
  before: string,
): Casing {
  if (knowsCapitals(tokenizer)) {
    return (word) => word;
  }
  const letters = (hidden?.match(/\p{L}/gu) ?? []).join('');
  if (letters === '') {
    return beginsSentence(before) ? capitalized : (word) => word;
  }
  if (
    letters.length > 1 &&
    letters === letters.toUpperCase() &&
    letters !== letters.toLowerCase()
  ) {
    return (word) => word.toUpperCase();
  }
  const [first = ''] = letters;
  return first === first.toLowerCase() ? (word) => word : capitalized;
}

function knowsCapitals(tokenizer: Tokenizer): boolean {
  const ids = (text: string): string =>
    tokenizer
      .encode(text, { addSpecialTokens: false })
      .map(({ id }) => id)
      .join();
  return ids('A') !== ids('a');
}

/** Nothing but marks stands before it, or the end of another sentence. */
function beginsSentence(before: string): boolean {
  return !/[\p{L}\p{N}]/u.test(before) || /[.!?]["'”’)\]]*\s+$/.test(before.slice(-40));
}

function capitalized(word: string): string {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length);
}
