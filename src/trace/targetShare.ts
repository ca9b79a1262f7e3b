import { rowsWithChoice, type HeadToken, type HeadPattern } from './headPattern';

/** What a kind of head attends to. */
export type AttentionTarget =
  'previousToken' | 'self' | 'nextToken' | 'firstToken' | 'duplicateToken' | 'separator';

/** How much of a head's attention goes to a target. */
export interface TargetShare {
  /** Mean probability on the target. */
  figure: number;
  /** The same if all keys that a query sees got the same. */
  chance: number;
  /** Queries that the means are over, and those that could attend to something else. */
  queries: { counted: number; all: number };
}

/**
 * The share of a head's attention that goes to a target: a mean over all queries that see more than
 * one key, in which those that have no such target count as 0.
 *
 * `duplicateToken` is an exception, because most tokens of a text have no duplicate: its mean is over the
 * queries that have one, and their number is part of the answer.
 */
export function targetShare(head: HeadPattern, target: AttentionTarget): TargetShare {
  const isTarget = IS_TARGET[target];
  let figure = 0;
  let chance = 0;
  let found = 0;
  const rows = rowsWithChoice(head);
  for (const { query, row } of rows) {
    let chosen = 0;
    for (const [key, p] of row.entries()) {
      if (isTarget(head, query, key)) {
        chosen++;
        figure += p;
      }
    }
    chance += chosen / row.length;
    found += Math.min(1, chosen);
  }
  const counted = target === 'duplicateToken' ? found : rows.length;
  const count = Math.max(1, counted);
  return {
    figure: figure / count,
    chance: chance / count,
    queries: { counted, all: rows.length },
  };
}

/** Whether a key is what a query's target names. */
export type IsTarget = (head: HeadPattern, query: number, key: number) => boolean;

export const IS_TARGET: Readonly<Record<AttentionTarget, IsTarget>> = {
  previousToken: (_, query, key) => key === query - 1,
  nextToken: (_, query, key) => key === query + 1,
  firstToken: (_, _query, key) => key === 0,
  self: (_, query, key) => key === query,
  duplicateToken: ({ queries, keys }, query, key) =>
    key !== query && keys[key]?.id === queries[query]?.id,
  separator: ({ keys }, _, key) => key > 0 && isSeparator(keys[key]),
};

/** Special tokens, and those of punctuation marks alone. */
function isSeparator(token: HeadToken | undefined): boolean {
  return token !== undefined && (token.special || /^\p{P}+$/u.test(token.text.trim()));
}
