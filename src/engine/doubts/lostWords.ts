import type { Lexicon } from '../../library/lexicon';

/** A word of Latin letters that is no part of a name, a placeholder, an option or a path. */
const WORD = /(?<![\p{L}\d_.{}%$@/\\-])[A-Za-z]+(?:['’][a-z]+)?(?![\d_{}/\\]|[.-]\p{L})/gu;

/**
 * Words of a sentence that nothing in its translation seems to stand for, by what stood for them in the
 * text that the translator was trained on, and words that it hardly met there. Words that are in the
 * translation as they are, such as names, are not among them.
 * @returns each once, in order.
 */
export function lostWords(source: string, result: string, lexicon: Lexicon): string[] {
  const written = result.normalize('NFKC').toLowerCase();
  const lost = (source.match(WORD) ?? []).filter((word) => {
    const lower = word.toLowerCase().replace('’', "'");
    if (lower.length < 2 || written.includes(lower)) {
      return false;
    }
    const pieces = lexicon.get(stemOf(lower));
    return (
      pieces === undefined ||
      (pieces.length > 0 && !pieces.some((piece) => written.includes(piece.toLowerCase())))
    );
  });
  return [...new Set(lost)];
}

/** A lower-case English word without its endings, roughly; `stem` of the training package does the same. */
export function stemOf(word: string): string {
  return word.length > 4
    ? word.replace(/(?:ies|ied)$/, 'y').replace(/(?:ing|ed|es|s|e)$/, '')
    : word;
}
