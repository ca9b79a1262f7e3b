import type { Lexicon } from '../../library/lexicon';

/** A whole word of Latin letters that is no part of a name, a placeholder, an option or a path. */
const WORD =
  /(?<![\p{L}\d_.{}%$@/\\'’-])[A-Za-z]+(?:['’][a-z]+)?(?![\p{L}\d_{}/\\]|[.-]\p{L}|['’]\p{L})/gu;

/** What is shortened behind a word: `it's`, `we'll`. */
const SHORTENED = /['’][a-z]+$/;
/** Whether these are lost is told by the negation alone. */
const DENYING = /n['’]t$/;

/** Words of a sentence that do not come out in its translation as they should; each once, in order. */
export interface Unmatched {
  /** The translator knows what stands for them, and none of it is there. */
  lost: string[];
  /** It hardly met them in the text that it was trained on, so it had to guess. */
  rare: string[];
}

/**
 * Words of a sentence that nothing in its translation seems to stand for, by what stood for them in the
 * text that the translator was trained on, and words that it hardly met there. Words that are in the
 * translation as they are, such as names, are not among them.
 */
export function unmatchedWords(source: string, result: string, lexicon: Lexicon): Unmatched {
  const written = result.normalize('NFKC').toLowerCase();
  const lost = new Set<string>();
  const rare = new Set<string>();
  for (const word of source.match(WORD) ?? []) {
    const lower = word.toLowerCase().replace(SHORTENED, '');
    if (lower.length < 2 || DENYING.test(word) || written.includes(lower)) {
      continue;
    }
    const pieces = lexicon.get(stemOf(lower));
    if (pieces === undefined) {
      rare.add(word);
    } else if (
      pieces.length > 0 &&
      !pieces.some((piece) => written.includes(piece.toLowerCase()))
    ) {
      lost.add(word);
    }
  }
  return { lost: [...lost], rare: [...rare] };
}

/** A lower-case English word without its endings, roughly; `stem` of the training package does the same. */
export function stemOf(word: string): string {
  return word.length > 4
    ? word.replace(/(?:ies|ied)$/, 'y').replace(/(?:ing|ed|es|s|e)$/, '')
    : word;
}
