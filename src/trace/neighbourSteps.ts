/** How far the strongest key moves from one query to the next. */
export interface NeighbourSteps {
  /**
   * Mean step between the ranks of neighbouring queries' places, over its mean in random order: 1 by
   * chance.
   */
  ratio: number;
  /** About one random order in a hundred has a ratio this small; 0 or less where no order is that rare. */
  limit: number;
}

/** Quantile of the normal distribution below which 1 in 100 lies. */
const ONE_IN_HUNDRED = -2.326;

/**
 * Whether neighbouring queries attend to places near to each other: the mean |rᵢ − rᵢ₊₁| of the ranks of
 * their places, over its mean in all orders of the same queries. Ranks make a single far jump count little.
 * A sharp head without order has a ratio of about 1. This is the rank version of von Neumann's ratio
 * (Bartels, 1982, JASA 77) with the absolute step instead of its square. Mean and variance over all orders
 * are exact, ties included; the limit assumes a normal distribution of the mean.
 *
 * @param ranks of the places, by query, at least four.
 */
export function neighbourSteps(ranks: readonly number[]): NeighbourSteps {
  const count = ranks.length;
  const { pairs, squares, sharing } = distanceSums(ranks);
  if (count < 4 || pairs === 0) {
    return { ratio: 1, limit: 0 };
  }
  const steps = ranks
    .slice(1)
    .reduce((sum, rank, index) => sum + Math.abs(rank - (ranks[index] ?? 0)), 0);
  const expected = pairs / count;
  // Two steps are of the same pair, of two pairs that share a query, or of four different queries.
  const same = squares / count;
  const shared = (2 * (sharing - squares)) / (count * (count - 1));
  const apart = (pairs ** 2 - 4 * sharing + 2 * squares) / (count * (count - 1));
  const variance = Math.max(0, same + shared + apart - expected ** 2);
  return {
    ratio: steps / expected,
    limit: 1 + (ONE_IN_HUNDRED * Math.sqrt(variance)) / expected,
  };
}

/** Sums over ordered pairs of different queries: of distances, of their squares, of d(i, j) · d(i, k). */
function distanceSums(ranks: readonly number[]): {
  pairs: number;
  squares: number;
  sharing: number;
} {
  let pairs = 0;
  let squares = 0;
  let sharing = 0;
  for (const one of ranks) {
    let ofOne = 0;
    for (const other of ranks) {
      const distance = Math.abs(one - other);
      ofOne += distance;
      squares += distance ** 2;
    }
    pairs += ofOne;
    sharing += ofOne ** 2;
  }
  return { pairs, squares, sharing };
}
