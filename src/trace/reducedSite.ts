import type { AttentionSite, HeadStatistics, Thumbnails } from '../shared/attention';
import { statisticsOf } from './headStatistics';
import type { MapSite } from './keptMaps';
import type { ReductionPlan } from './reductionPlan';
import { rounded } from './thumbnails';

/** What came out of a graph for one layer, row-major; the plan tells the sizes. */
export interface ReducedMaps {
  /** [chunk][column][head][cell]: the largest probability of each cell. */
  tiles: Float32Array;
  /** [chunk][head][3]: entropy, maximum and expected distance, summed over the chunk's queries. */
  sums: Float32Array;
  /** [head][key]: what each key gets from all queries. */
  received: Float32Array;
  /** [head][2]: what all queries give to themselves, and to the position before them. */
  marked: Float32Array;
}

/** Numbers of `sums` for each head and chunk. */
const FIGURES = 3;

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
  { heads, queries }: MapSite,
  { tiles }: ReducedMaps,
  { chunks, cells, columns, size }: ReductionPlan,
): Thumbnails {
  const rows = Math.min(queries, size);
  const byHead = new Float32Array(heads * rows * columns);
  for (let chunk = 0, at = 0; chunk < chunks; chunk++) {
    for (let column = 0; column < columns; column++) {
      for (let head = 0; head < heads; head++) {
        for (let cell = 0; cell < cells; cell++, at++) {
          const row = chunk * cells + cell;
          // Cells behind the last row of tiles repeat it.
          if (row < rows) {
            byHead[(head * rows + row) * columns + column] = tiles[at] as number;
          }
        }
      }
    }
  }
  return rounded(byHead, heads, rows, columns);
}
