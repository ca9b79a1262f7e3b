import type { GeneratedToken } from '../../shared/generation';

/** So many times in a row is a loop. */
const TIMES_IN_A_ROW = 3;
/** Longest sequence of tokens that is looked for in a row. */
const LONGEST_LOOP = 24;

/** Sequences of so many tokens seldom come twice in prose. */
const NGRAM = 4;
/** A shorter text has too few of them to tell. */
const FEWEST_NGRAMS = 16;
/** Share of the sequences that came before. */
const REPEATED_SHARE = 0.5;

/**
 * Whether a text repeats itself: one sequence of tokens three times in a row, or half of all
 * sequences of four tokens twice or more, as the measure rep-4 counts them (Welleck et al. 2020,
 * "Neural Text Generation with Unlikelihood Training", section 6). Runs without a letter, such as
 * indentation and rules, do not count.
 */
export function repeatsItself(tokens: readonly GeneratedToken[]): boolean {
  return hasLoop(tokens) || repeatedShare(tokens) > REPEATED_SHARE;
}

function hasLoop(tokens: readonly GeneratedToken[]): boolean {
  const ids = tokens.map(({ id }) => id);
  const longest = Math.min(LONGEST_LOOP, Math.floor(ids.length / TIMES_IN_A_ROW));
  for (let size = 1; size <= longest; size++) {
    // How many tokens up to here equal the one `size` places before them.
    let equal = 0;
    for (let i = size; i < ids.length; i++) {
      equal = ids[i] === ids[i - size] ? equal + 1 : 0;
      const looped = equal >= size * (TIMES_IN_A_ROW - 1);
      if (looped && hasLetter(tokens.slice(i - size + 1, i + 1))) {
        return true;
      }
    }
  }
  return false;
}

function repeatedShare(tokens: readonly GeneratedToken[]): number {
  const ngrams = tokens
    .slice(NGRAM - 1)
    .map((_, start) => tokens.slice(start, start + NGRAM))
    .filter(hasLetter);
  if (ngrams.length < FEWEST_NGRAMS) {
    return 0;
  }
  const distinct = new Set(ngrams.map((ngram) => ngram.map(({ id }) => id).join()));
  return 1 - distinct.size / ngrams.length;
}

function hasLetter(tokens: readonly GeneratedToken[]): boolean {
  return tokens.some(({ text }) => /\p{L}/u.test(text));
}
