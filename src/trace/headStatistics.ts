import type { HeadStatistics } from '../shared/attention';

/**
 * Figures of one head: means over the queries, computed in double precision.
 *
 * Entropy is Shannon's, H = −Σ p ln p, with 0 · ln 0 = 0. A row of zeros (a fully masked query) counts
 * as 0 everywhere. With more queries than keys, as in cross attention, `onSelf` and `onPrevious` leave
 * out queries that have no key at that position; a mean over no query is 0.
 *
 * Information is I = H(mean row) − mean H(row), the Jensen–Shannon divergence of the rows (J. Lin,
 * "Divergence measures based on the Shannon entropy", 1991), over the rows that are not zeros: the
 * mutual information of a query that is drawn at random and a key that is drawn from its row. So it
 * is large where the rows are both sharp and different, and 0 where all queries look at one place.
 *
 * @param map probabilities [query][key], each row summing to 1.
 */
export function headStatistics(map: Float32Array, queries: number, keys: number): HeadStatistics {
  return statisticsOf(sumUp(map, queries, keys), queries, keys);
}

/** What the figures of one head are made of: sums over its queries. */
export interface HeadSums {
  entropy: number;
  maximum: number;
  distance: number;
  onSelf: number;
  onPrevious: number;
  /** By key: the probability that it gets from all queries together. */
  received: ArrayLike<number>;
}

/** Figures of one head from sums over its queries. */
export function statisticsOf(sums: HeadSums, queries: number, keys: number): HeadStatistics {
  const { entropy, maximum, distance, onSelf, onPrevious, received } = sums;
  return {
    // Rounding can make the probability of a row's only key exceed 1 by a hair.
    entropy: Math.max(0, mean(entropy, queries)),
    maximum: mean(maximum, queries),
    distance: mean(distance, queries),
    onFirst: mean(received[0] ?? 0, queries),
    onSelf: mean(onSelf, Math.min(queries, keys)),
    onPrevious: mean(onPrevious, Math.min(queries - 1, keys)),
    information: information(received, entropy),
  };
}

function sumUp(map: Float32Array, queries: number, keys: number): HeadSums {
  let entropy = 0;
  let maximum = 0;
  let distance = 0;
  let onSelf = 0;
  let onPrevious = 0;
  const received = new Float64Array(keys);
  for (let query = 0, row = 0; query < queries; query++, row += keys) {
    let largest = 0;
    for (let key = 0; key < keys; key++) {
      const p = map[row + key] as number;
      if (p > 0) {
        entropy -= p * Math.log(p);
        distance += p * Math.abs(query - key);
        received[key] = (received[key] as number) + p;
        if (p > largest) {
          largest = p;
        }
      }
    }
    maximum += largest;
    if (query < keys) {
      onSelf += map[row + query] as number;
    }
    if (query > 0 && query <= keys) {
      onPrevious += map[row + query - 1] as number;
    }
  }
  return { entropy, maximum, distance, onSelf, onPrevious, received };
}

/**
 * @param received probability by key, summed over the queries
 * @param entropy summed over the queries
 */
function information(received: ArrayLike<number>, entropy: number): number {
  const shares = Array.from(received);
  // Each row that is not zeros sums to 1.
  const rows = shares.reduce((sum, p) => sum + p, 0);
  let ofMeanRow = 0;
  for (const p of shares) {
    if (p > 0) {
      ofMeanRow -= (p / rows) * Math.log(p / rows);
    }
  }
  return Math.max(0, ofMeanRow - mean(entropy, rows));
}

function mean(sum: number, count: number): number {
  return count > 0 ? sum / count : 0;
}
