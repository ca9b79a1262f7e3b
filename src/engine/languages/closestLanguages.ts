import type { ModelLanguage } from '../../shared/modelSummary';
import { languageNames } from './languageCodes';

/**
 * The languages that someone may have meant who wrote none of them, nearest first.
 * @param count how many are wanted at most.
 */
export function closestLanguages(
  languages: readonly ModelLanguage[],
  asked: string,
  count: number,
): ModelLanguage[] {
  const wanted = asked.trim().toLowerCase().slice(0, MOST_COMPARED);
  return languages
    .map((language) => ({ language, distance: distanceTo(language, wanted) }))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, count)
    .map(({ language }) => language);
}

/** Names of languages are shorter. */
const MOST_COMPARED = 40;

/** From 0 for the same to 1 for nothing in common, by whatever name comes closest. */
function distanceTo({ code, tag }: ModelLanguage, wanted: string): number {
  const names = [code, ...(tag === undefined ? [] : [tag, ...languageNames(tag)])];
  return Math.min(
    ...names.map((name) => {
      const edits = editDistance(wanted, name.toLowerCase());
      return edits / Math.max(wanted.length, name.length, 1);
    }),
  );
}

/**
 * How many characters have to be put in, left out, changed, or swapped with their neighbour, to make
 * one text of the other (optimal string alignment).
 */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length] ?? 0;
}
