import type { AttentionSite, HeadStatistics, Thumbnails } from '../shared/attention';
import { statisticsOf } from './headStatistics';
import type { MapSite } from './inMemoryMaps';
import type { ReductionPlan } from './reductionPlan';

/** What came out of a graph for one layer; the plan tells the sizes. */
export interface ReducedMaps {
  /** [head][chunk][cell][column]: the largest probability of each cell, in 255ths of `peaks`. */
  tiles: Uint8Array;
  /** [head]: the largest probability. */
  peaks: Float32Array;
  /** [chunk][head][3]: entropy, maximum and expected distance, summed over the chunk's queries. */
  sums: Float32Array;
  /** [head][key]: what each key gets from all queries. */
  received: Float32Array;
  /** [head][2]: what all queries give to themselves, and to the position before them. */
  marked: Float32Array;
}

/** Numbers of `sums` for each head and chunk. */
const FIGURES = 3;

/** How much of a row may be lost to rounding, on average over the rows of a head. */
const ROUNDING = 1e-6;

/**
 * Whether each head's rows sum to 1, so that no key has been left out that got attention.
 * @param received as in `ReducedMaps`.
 */
export function rowsSumToOne(
  received: Float32Array,
  { queries, keys }: Pick<MapSite, 'queries' | 'keys'>,
): boolean {
  for (let at = 0; at < received.length; at += keys) {
    const sum = received.subarray(at, at + keys).reduce((total, p) => total + p, 0);
    // Written so that NaN is no 1.
    if (!(Math.abs(sum - queries) <= ROUNDING * queries)) {
      return false;
    }
  }
  return true;
}

/** A layer with the figures of its heads, from what was computed of its maps in the graph. */
export function reducedSite(
  site: MapSite,
  { sums, received, marked }: ReducedMaps,
  { chunks }: ReductionPlan,
): AttentionSite {
  const { heads, queries, keys } = site;
  const statistics = Array.from({ length: heads }, (_, head): HeadStatistics => {
    const total = (figure: number): number => {
      let sum = 0;
      for (let chunk = 0; chunk < chunks; chunk++) {
        sum += sums[(chunk * heads + head) * FIGURES + figure] as number;
      }
      return sum;
    };
    return statisticsOf(
      {
        entropy: total(0),
        maximum: total(1),
        distance: total(2),
        onSelf: marked[2 * head] as number,
        onPrevious: marked[2 * head + 1] as number,
        received: received.subarray(head * keys, (head + 1) * keys),
      },
      queries,
      keys,
    );
  });
  return { ...site, statistics };
}

/** The thumbnails of a layer, from its tiles. */
export function reducedThumbnails(
  heads: number,
  { tiles, peaks }: ReducedMaps,
  { rows, columns }: ReductionPlan,
): Thumbnails {
  const ofHead = tiles.length / heads;
  const values = new Uint8Array(heads * rows * columns);
  for (let head = 0; head < heads; head++) {
    // Behind the last row of tiles, the last chunk has rows of zeros.
    const own = tiles.subarray(head * ofHead, head * ofHead + rows * columns);
    values.set(own, head * rows * columns);
  }
  return { rows, columns, values, maximum: Array.from(peaks) };
}
