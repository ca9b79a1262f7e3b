import type { RowsOfTokens } from '../../src/shared/resultRows';
import type { Cells } from '../ui/pointing';

/** A token that a row (a query) or a column (a key) of a map is about, by its place in its sequence. */
export interface MapLine {
  side: 'query' | 'key';
  index: number;
}

/**
 * What a token has to do with the tokens of the other side: how much a query attends to each key,
 * or how much each query attends to a key. Queries without a row attend to nothing.
 *
 * @returns [key] for a query, [query] for a key; 0…1
 */
export function weightsOf(map: RowsOfTokens, { side, index }: MapLine): number[] {
  const { queries, keys, values, first } = map;
  if (side === 'query') {
    const row = index - first;
    return row < 0 ? [] : Array.from(values.subarray(row * keys, (row + 1) * keys));
  }
  return Array.from({ length: first + queries }, (_, query) =>
    query < first ? 0 : (values[(query - first) * keys + index] ?? 0),
  );
}

/** The row or the column of a token; none for a query without a row. */
export function cellsOf({ first }: Pick<RowsOfTokens, 'first'>, { side, index }: MapLine): Cells {
  if (side === 'key') {
    return { column: index };
  }
  return index < first ? {} : { row: index - first };
}

/** What the tokens of the other side are painted by: a cell counts as its row. */
export function lineOf(
  { row, column }: Cells,
  { first }: Pick<RowsOfTokens, 'first'>,
): MapLine | undefined {
  if (row !== undefined) {
    return { side: 'query', index: first + row };
  }
  return column === undefined ? undefined : { side: 'key', index: column };
}

/** The other side of a map. */
export const opposite = { query: 'key', key: 'query' } as const;

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
