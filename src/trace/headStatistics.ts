import type { HeadStatistics } from '../shared/attention';

/**
 * Figures of one head: means over the queries, computed in double precision.
 *
 * Entropy is Shannon's, H = −Σ p ln p, with 0 · ln 0 = 0. A row of zeros, as fully masked queries
 * have it, counts as 0 everywhere. Where there are more queries than keys, as in cross attention,
 * queries whose own or previous position is none of the keys are left out of those two means; a
 * mean over no query is 0.
 *
 * @param map probabilities [query][key], each row summing to 1.
 */
export function headStatistics(map: Float32Array, queries: number, keys: number): HeadStatistics {
  let entropy = 0;
  let maximum = 0;
  let distance = 0;
  let onFirst = 0;
  let onSelf = 0;
  let onPrevious = 0;
  for (let query = 0, row = 0; query < queries; query++, row += keys) {
    let largest = 0;
    for (let key = 0; key < keys; key++) {
      const p = map[row + key] as number;
      if (p > 0) {
        entropy -= p * Math.log(p);
        distance += p * Math.abs(query - key);
        if (p > largest) {
          largest = p;
        }
      }
    }
    maximum += largest;
    if (keys > 0) {
      onFirst += map[row] as number;
    }
    if (query < keys) {
      onSelf += map[row + query] as number;
    }
    if (query > 0 && query <= keys) {
      onPrevious += map[row + query - 1] as number;
    }
  }
  return {
    // Rounding can make the probability of a row's only key exceed 1 by a hair.
    entropy: Math.max(0, mean(entropy, queries)),
    maximum: mean(maximum, queries),
    distance: mean(distance, queries),
    onFirst: mean(onFirst, queries),
    onSelf: mean(onSelf, Math.min(queries, keys)),
    onPrevious: mean(onPrevious, Math.min(queries - 1, keys)),
  };
}

function mean(sum: number, count: number): number {
  return count > 0 ? sum / count : 0;
}
