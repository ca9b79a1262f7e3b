/** How far the strongest key moves from one query to the next. */
export interface NeighbourSteps {
  /** Mean step between the ranks of the places, over that of the queries in random order: 1 by chance. */
  ratio: number;
  /** Random orders have a ratio this small about once in a hundred; not above 0 where none is so rare. */
  limit: number;
}

/** Quantile of the normal distribution below which 1 in 100 lies. */
const ONE_IN_HUNDRED = -2.326;

/**
 * Whether queries that follow one another look at places near to each other: the mean |rᵢ − rᵢ₊₁| of the
 * ranks of their places. Ranks, so that a single far jump counts little. It is compared with all orders of
 * the same queries: a head that looks sharply at places of no order has a ratio of about 1. It is the rank
 * version of von Neumann's ratio (Bartels, 1982, JASA 77) with the absolute step in place of its square.
 * Mean and variance over all orders are exact, ties included; the limit takes the mean as normally
 * distributed.
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
