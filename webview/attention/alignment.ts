import type { HeadMap } from '../../src/shared/attention';

/** A token of a map: one of its rows (a query) or one of its columns (a key). */
export interface MapLine {
  side: 'query' | 'key';
  index: number;
}

/**
 * What a token has to do with the tokens of the other side: how much a query attends to each key,
 * or how much each query attends to a key.
 *
 * @returns [key] for a query, [query] for a key; 0…1
 */
export function weightsOf({ queries, keys, values }: HeadMap, { side, index }: MapLine): number[] {
  return side === 'query'
    ? Array.from(values.subarray(index * keys, (index + 1) * keys))
    : Array.from({ length: queries }, (_, query) => values[query * keys + index] ?? 0);
}

/**
 * The largest weights, largest first: `most` at most, and none that is less than a tenth of the
 * largest, for naming it would lead astray.
 */
export function strongest(
  weights: readonly number[],
  most: number,
): { index: number; weight: number }[] {
  const ordered = weights
    .map((weight, index) => ({ index, weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const least = (ordered[0]?.weight ?? 0) / 10;
  return ordered.slice(0, most).filter(({ weight }) => weight >= least);
}
