import type { StrongTarget } from '../shared/attention';
import { tokenLabels } from '../shared/tokenLabel';
import { rowsWithChoice, type ReadHead } from './readHead';

/** How many targets are named at most. */
const MOST = 3;

/** Attention that tokens of one label get, and how it came about. */
interface Received {
  label: string;
  attention: number;
  chance: number;
  /** Queries that see one of them. */
  queries: number;
}

/**
 * The tokens that a head attends to most, as a mean over the queries that see them and something else,
 * the largest mean first. Tokens that read alike count together.
 *
 * Which ones they are is decided by how much attention they get in all beyond their chance: a token at
 * the end of a text, which one or two queries see, may get much of theirs by accident.
 */
export function strongTargets(head: ReadHead): StrongTarget[] {
  const byLabel = new Map<string, Received>();
  const labels = tokenLabels(head.keys);
  for (const { row } of rowsWithChoice(head)) {
    const seen = new Set<Received>();
    for (const [key, p] of row.entries()) {
      const label = labels[key] ?? '';
      const target = byLabel.get(label) ?? { label, attention: 0, chance: 0, queries: 0 };
      byLabel.set(label, target);
      target.attention += p;
      target.chance += 1 / row.length;
      seen.add(target);
    }
    for (const target of seen) {
      target.queries++;
    }
  }
  return [...byLabel.values()]
    .filter((target) => excess(target) > 0)
    .sort((one, other) => excess(other) - excess(one))
    .slice(0, MOST)
    .map(({ label, attention, chance, queries }) => ({
      label,
      figure: attention / queries,
      chance: chance / queries,
    }))
    .sort((one, other) => other.figure - one.figure);
}

function excess({ attention, chance }: Received): number {
  return attention - chance;
}
