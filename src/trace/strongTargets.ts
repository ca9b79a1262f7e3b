import type { StrongTarget } from '../shared/attention';
import { tokenLabels } from '../shared/tokenLabel';
import { rowsWithChoice, type ReadHead } from './readHead';

/** How many targets are named at most. */
const MOST = 3;

/** Tokens with less than so many times what chance would give them are not worth naming. */
const ABOVE_CHANCE = 1.5;

/**
 * The tokens that get most of a head's attention, as shares of the attention of all queries that see
 * more than one key, the largest share first. Tokens that read alike count together; queries that do not
 * see a token give it nothing, so that one at the end of a text is not named for a query or two.
 */
export function strongTargets(head: ReadHead): StrongTarget[] {
  const byLabel = new Map<string, StrongTarget>();
  const labels = tokenLabels(head.keys);
  const rows = rowsWithChoice(head);
  for (const { row } of rows) {
    for (const [key, p] of row.entries()) {
      const label = labels[key] ?? '';
      const target = byLabel.get(label) ?? { label, figure: 0, chance: 0 };
      byLabel.set(label, target);
      target.figure += p / rows.length;
      target.chance += 1 / row.length / rows.length;
    }
  }
  return [...byLabel.values()]
    .filter(({ figure, chance }) => figure >= ABOVE_CHANCE * chance)
    .sort((one, other) => other.figure - one.figure)
    .slice(0, MOST);
}
