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
  // All tokens of a text are asked in turn, so this must not take the time of sorting.
  const best: { index: number; weight: number }[] = [];
  weights.forEach((weight, index) => {
    if (weight > (best.length < most ? 0 : (best.at(-1)?.weight ?? 0))) {
      const place = best.findIndex((other) => weight > other.weight);
      best.splice(place === -1 ? best.length : place, 0, { index, weight });
      best.splice(most);
    }
  });
  const least = (best[0]?.weight ?? 0) / 10;
  return best.filter(({ weight }) => weight >= least);
}
