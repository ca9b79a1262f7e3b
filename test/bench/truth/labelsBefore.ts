import { KIND_OF_TARGET } from '../../../src/trace/headKind';
import type { HeadPattern } from '../../../src/trace/headPattern';
import { IS_TARGET, type IsTarget, type AttentionTarget } from '../../../src/trace/targetShare';

/*
 * The rule that labelled heads until November 2026, to measure its successor against: a share is a mean
 * over the queries that have the target, and offsets are scored on the rows that they were fitted on.
 */

/** The label of a head by the earlier rule. */
export function labelBefore(head: HeadPattern, alignment: number): string {
  if (head.kind === 'cross' && alignment >= 0.4) {
    return 'aligning';
  }
  const targets: AttentionTarget[] =
    head.kind === 'cross'
      ? ['firstToken', 'separator']
      : (Object.keys(IS_TARGET) as AttentionTarget[]);
  const [best] = targets
    .map((target) => ({ target, ...share(head, IS_TARGET[target]) }))
    .filter(({ figure, chance, rows }) => rows >= 2 && figure >= 0.5 && figure >= 1.5 * chance)
    .sort((one, other) => other.figure - one.figure);
  if (best !== undefined) {
    return KIND_OF_TARGET[best.target];
  }
  if (evenness(head) >= 0.9) {
    return 'broad';
  }
  return head.kind !== 'cross' && foretold(head) >= 0.8 ? 'positional' : 'mixed';
}

function rowsOf({ map, kind, queries, keys }: HeadPattern): Float32Array[] {
  return queries.map((_, query) => {
    const visible = kind === 'masked' ? Math.min(query + 1, keys.length) : keys.length;
    return map.subarray(query * keys.length, query * keys.length + visible);
  });
}

function share(
  head: HeadPattern,
  isTarget: IsTarget,
): { figure: number; chance: number; rows: number } {
  const rows = rowsOf(head).flatMap((row, query) => {
    const chosen = Array.from(row.keys()).filter((key) => isTarget(head, query, key));
    const on = chosen.reduce((sum, key) => sum + (row[key] ?? 0), 0);
    return chosen.length > 0 && chosen.length < row.length
      ? [{ on, chance: chosen.length / row.length }]
      : [];
  });
  const mean = (values: number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    figure: mean(rows.map(({ on }) => on)),
    chance: mean(rows.map(({ chance }) => chance)),
    rows: rows.length,
  };
}

function evenness(head: HeadPattern): number {
  const rows = rowsOf(head).filter(({ length }) => length > 1);
  const entropies = rows.map(
    (row) =>
      row.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0) / Math.log(row.length),
  );
  return entropies.reduce((sum, value) => sum + value, 0) / Math.max(1, rows.length);
}

/** Mean overlap of the rows with the mean attention to each offset, their own included. */
function foretold(head: HeadPattern): number {
  const rows = rowsOf(head);
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [query, row] of rows.entries()) {
    for (const [key, p] of row.entries()) {
      const { sum, count } = sums.get(key - query) ?? { sum: 0, count: 0 };
      sums.set(key - query, { sum: sum + p, count: count + 1 });
    }
  }
  const overlaps = rows.flatMap((row, query) => {
    if (row.length < 2) {
      return [];
    }
    const means = Array.from(row, (_, key) => {
      const { sum, count } = sums.get(key - query) ?? { sum: 0, count: 1 };
      return sum / count;
    });
    const total = means.reduce((sum, p) => sum + p, 0) || 1;
    return [row.reduce((sum, p, key) => sum + Math.min(p, (means[key] ?? 0) / total), 0)];
  });
  return overlaps.reduce((sum, value) => sum + value, 0) / Math.max(1, overlaps.length);
}
