import type { OperatorCount } from '../../shared/modelOutline';
import type { OnnxModel } from '../graph/model';
import { everyNode } from '../graph/walk';
import { operatorName } from '../graph/operators';

/** How often each operator occurs, in inner graphs and functions too; most frequent first. */
export function operatorCounts(model: OnnxModel): OperatorCount[] {
  const counts = new Map<string, number>();
  for (const node of everyNode(model)) {
    const name = operatorName(node);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return byFrequency(counts);
}

export function byFrequency(counts: ReadonlyMap<string, number>): OperatorCount[] {
  return Array.from(counts, ([name, count]) => ({ name, count })).sort(
    (a, b) => b.count - a.count || (a.name < b.name ? -1 : 1),
  );
}

/** The counts of several files as one. */
export function mergeOperators(lists: readonly (readonly OperatorCount[])[]): OperatorCount[] {
  const counts = new Map<string, number>();
  for (const { name, count } of lists.flat()) {
    counts.set(name, count + (counts.get(name) ?? 0));
  }
  return byFrequency(counts);
}
