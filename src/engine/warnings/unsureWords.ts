import type { Domain } from '../../library/modelPurpose';
import type { GeneratedToken, UnsureWord } from '../../shared/generation';

/** Probabilities below which a word counts as unsure. */
export interface WordLimits {
  /** Of the word that the text begins with: where a summary begins is often one choice of many. */
  first: number;
  later: number;
}

/** A model's own limits, where its manifest has any. */
export function wordLimits(domain: Domain | undefined): WordLimits | undefined {
  const { minimumWordProbability: later, minimumFirstWordProbability: first = later } =
    domain ?? {};
  return later === undefined || first === undefined ? undefined : { first, later };
}

/**
 * The words of a written text that its model gave a probability below a limit: the product of the
 * probabilities of the tokens that a word has letters of. Nothing is known where the text is not what the
 * tokens say, one after the other, or not yet.
 * @param text what was written; the tokens may go on behind it.
 * @param language BCP 47 tag of the text, by whose rules words are told.
 */
export function unsureWords(
  text: string,
  tokens: readonly GeneratedToken[],
  language: string,
  limits: WordLimits,
): UnsureWord[] {
  const joined = tokens.map((token) => token.text).join('');
  const offset = joined.startsWith(text) ? 0 : joined.length - joined.trimStart().length;
  if (!joined.startsWith(text, offset)) {
    return [];
  }
  const ends = tokens.map(() => 0);
  let place = -offset;
  for (const [index, token] of tokens.entries()) {
    place += token.text.length;
    ends[index] = place;
  }
  const found: UnsureWord[] = [];
  let first = 0;
  let minimum = limits.first;
  for (const { segment, index: start, isWordLike } of new Intl.Segmenter(language, {
    granularity: 'word',
  }).segment(text)) {
    if (isWordLike !== true) {
      continue;
    }
    const end = start + segment.length;
    while ((ends[first] ?? Infinity) <= start) {
      first++;
    }
    let logprob = 0;
    for (let index = first; index < tokens.length; index++) {
      logprob += tokens[index]?.logprob ?? 0;
      if ((ends[index] ?? Infinity) >= end) {
        break;
      }
    }
    if (Math.exp(logprob) < minimum) {
      found.push({ start, end, probability: Math.exp(logprob) });
    }
    minimum = limits.later;
  }
  return found;
}
