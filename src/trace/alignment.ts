import { headStatistics } from './headStatistics';
import { neighbourSteps, type NeighbourSteps } from './neighbourSteps';
import { rowsWithChoice, type HeadPattern } from './headPattern';

/** Information of query and key over the largest possible, 0…1 (see `headStatistics`). */
export function informationShare({ map, queries, keys }: HeadPattern): number {
  const places = Math.min(queries.length, keys.length);
  const { information } = headStatistics(map, queries.length, keys.length);
  return places > 1 ? information / Math.log(places) : 0;
}

/** How the key that a head attends to most moves with the query. */
export interface Monotonicity {
  /** Spearman's rank correlation of query and strongest key, −1…1; 0 where these are all the same. */
  correlation: number;
  /** How many different keys are the strongest of some query. */
  places: number;
  queries: number;
}

/**
 * Whether the strongest key moves on from query to query. Equal keys share the mean of their ranks, as
 * in C. Spearman, "The Proof and Measurement of Association between Two Things", 1904.
 */
export function monotonicity(head: HeadPattern): Monotonicity {
  const strongest = strongestKeys(head);
  return {
    correlation: correlation(
      strongest.map((_, query) => query + 1),
      ranks(strongest),
    ),
    places: new Set(strongest).size,
    queries: strongest.length,
  };
}

/** Whether the strongest keys of neighbouring queries are near to each other. */
export function stepsOfStrongest(head: HeadPattern): NeighbourSteps {
  return neighbourSteps(ranks(strongestKeys(head)));
}

/** The key that each query looks at most, of the queries that see more than one. */
function strongestKeys(head: HeadPattern): number[] {
  return rowsWithChoice(head).map(({ row }) =>
    row.reduce((best, p, key) => (p > (row[best] ?? 0) ? key : best), 0),
  );
}

/** Ranks from 1 on; equal values get the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [index, value] of sorted.entries()) {
    first.set(value, first.get(value) ?? index + 1);
    last.set(value, index + 1);
  }
  return values.map((value) => ((first.get(value) ?? 0) + (last.get(value) ?? 0)) / 2);
}

/** Pearson's; 0 where one of the two does not vary. */
function correlation(one: readonly number[], other: readonly number[]): number {
  const middle = (one.length + 1) / 2;
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, index) => sum + (value - middle) * ((b[index] ?? 0) - middle), 0);
  const spread = Math.sqrt(product(one, one) * product(other, other));
  return spread > 0 ? product(one, other) / spread : 0;
}
