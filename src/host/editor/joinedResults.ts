import type { UnsureWord } from '../../shared/generation';

const BETWEEN = '\n\n';

/** Results one below the other, those without a text left out. */
export function joinedResults(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(BETWEEN);
}

/**
 * Words of results, with their places in all results together.
 * @param words by result, with their places in it.
 */
export function wordsInJoined(
  texts: readonly string[],
  words: readonly (readonly UnsureWord[])[],
): UnsureWord[] {
  let offset = 0;
  return texts.flatMap((text, index) => {
    const before = offset;
    offset += text === '' ? 0 : text.length + BETWEEN.length;
    return (words[index] ?? []).map(({ start, end, probability }) => ({
      start: before + start,
      end: before + end,
      probability,
    }));
  });
}
