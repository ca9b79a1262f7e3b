import type { StrongTarget } from '../shared/attention';
import { tokenLabels } from '../shared/tokenLabel';
import { rowsWithChoice, type HeadPattern } from './headPattern';
import { IS_TARGET, targetShare } from './targetShare';

/** How many targets are named at most. */
const MOST = 3;

/** Targets with less than so many times what chance would give them are not worth naming. */
const ABOVE_CHANCE = 1.5;

/** Nor are those that get less than this of the attention, however rarely chance would give it. */
const LEAST = 0.1;

/**
 * What gets more of a head's attention than by chance, the largest share first: within a text the token itself, the one
 * before or after it, the first token, or other tokens; between two texts the last two. Shares are of the
 * attention of all queries that see more than one key. A query that does not see a target gives it nothing,
 * so that a token at the end of a text is not named for a query or two. Tokens that read alike count
 * together, the first one of the text apart. What a token is to the query and which one it is are counted
 * both, so that the shares may sum up to more than 1.
 */
export function strongTargets(head: HeadPattern): StrongTarget[] {
  const [first] = tokenLabels(head.keys);
  const places: StrongTarget[] = PLACES.filter(
    (target) => head.kind !== 'cross' || target === 'firstToken',
  ).map((target) => {
    const { figure, chance } = targetShare(head, target);
    const label = target === 'firstToken' && first !== undefined ? { label: first } : {};
    return { target, ...label, figure, chance };
  });
  return [...places, ...tokens(head)]
    .filter(({ figure, chance }) => figure >= LEAST && figure >= ABOVE_CHANCE * chance)
    .sort((one, other) => other.figure - one.figure)
    .slice(0, MOST);
}

const PLACES = ['self', 'previousToken', 'nextToken', 'firstToken'] as const;

/** The shares of the tokens behind the first one. */
function tokens(head: HeadPattern): StrongTarget[] {
  const byLabel = new Map<string, StrongTarget>();
  const labels = tokenLabels(head.keys);
  const rows = rowsWithChoice(head);
  for (const { query, row } of rows) {
    for (const [key, p] of row.entries()) {
      if (!IS_TARGET.firstToken(head, query, key)) {
        const label = labels[key] ?? '';
        const target = byLabel.get(label) ?? { target: 'token', label, figure: 0, chance: 0 };
        byLabel.set(label, target);
        target.figure += p / rows.length;
        target.chance += 1 / row.length / rows.length;
      }
    }
  }
  return [...byLabel.values()];
}
