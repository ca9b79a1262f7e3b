import type { TopTarget } from '../shared/attention';
import { tokenLabels } from '../shared/tokenLabel';
import { rowsWithChoice, type HeadPattern } from './headPattern';
import { IS_TARGET, targetShare } from './targetShare';

/** How many targets are named at most. */
const MOST = 3;

/** Targets with less than so many times their share by chance are not named. */
const ABOVE_CHANCE = 1.5;

/** Nor are targets with less than this share of the attention, however small their share by chance. */
const LEAST = 0.1;

/**
 * What gets more of a head's attention than by chance, the largest share first. Within a text that may be
 * the token itself, its neighbours, the first token, or other tokens by their text; between two texts the
 * last two. Shares are of the attention of all queries that see more than one key; a query that does not
 * see a target counts as 0, so that a token at the end is not named because of one or two queries. Tokens
 * with the same text count together, except the first token. A key may count both by its position and by
 * its text, so the shares may sum to more than 1.
 */
export function topTargets(head: HeadPattern): TopTarget[] {
  const [first] = tokenLabels(head.keys);
  const places: TopTarget[] = PLACES.filter(
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
function tokens(head: HeadPattern): TopTarget[] {
  const byLabel = new Map<string, TopTarget>();
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
