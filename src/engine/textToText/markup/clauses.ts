import type { Template } from './template';

/** The end of a clause within words. */
const CLAUSE_END = /[,;:](?=\s)/;

/** Two parts of a sentence, and the space between them. */
export interface Clauses {
  first: Template;
  space: string;
  second: Template;
}

/**
 * Splits a sentence behind a clause so that both parts have marks, in numbers as equal as possible: models
 * keep marks better the fewer there are.
 * @returns nothing when no clause ends between two marks.
 */
export function splitClauses(template: Template): Clauses | undefined {
  const marks = template.filter(({ kind }) => kind !== 'words').length;
  let best: { item: number; end: number; most: number } | undefined;
  let before = 0;
  for (const [item, one] of template.entries()) {
    if (one.kind !== 'words') {
      before++;
      continue;
    }
    const most = Math.max(before, marks - before);
    const at = one.text.search(CLAUSE_END);
    if (at >= 0 && most < (best?.most ?? marks)) {
      best = { item, end: at + 1, most };
    }
  }
  const words = best === undefined ? undefined : template[best.item];
  if (best === undefined || words?.kind !== 'words') {
    return undefined;
  }
  const rest = words.text.slice(best.end);
  const next = rest.trimStart();
  return {
    first: [
      ...template.slice(0, best.item),
      { kind: 'words', text: words.text.slice(0, best.end) },
    ],
    space: rest.slice(0, rest.length - next.length),
    second: [
      ...(next === '' ? [] : [{ kind: 'words' as const, text: next }]),
      ...template.slice(best.item + 1),
    ],
  };
}
