import type { CostPolynomial, RunSizes } from './modelCost';

/** What a polynomial comes to at the sizes of a run. */
export function costAt(polynomial: CostPolynomial, sizes: RunSizes): number {
  return polynomial.reduce(
    (sum, { coefficient, powers }) =>
      sum +
      coefficient *
        (['batch', 'tokens', 'past', 'source'] as const).reduce(
          (product, name) => product * sizes[name] ** (powers[name] ?? 0),
          1,
        ),
    0,
  );
}
