import type { LensLayer } from '../shared/referenceRun';
import type { NamedToken } from '../shared/text';
import { logSumExp, topK, rank } from './logits';

/**
 * The logit lens (nostalgebraist, 2020, "interpreting GPT: the logit lens"): what the output layer
 * makes of the residual stream at some depth, as if no layer came after.
 *
 * @param depth the hook point that was read, or what the model itself says.
 * @param logits [position][vocabulary]
 * @param final what the model says in the end, a token for each position.
 * @param count how many tokens to name at each position.
 * @param nameOf how a token reads.
 */
export function lensLayer(
  depth: string,
  logits: Float32Array,
  final: readonly number[],
  count: number,
  nameOf: (id: number) => NamedToken,
): LensLayer {
  const vocabulary = logits.length / final.length;
  return {
    depth,
    positions: final.map((last, position) => {
      const row = logits.subarray(position * vocabulary, (position + 1) * vocabulary);
      const total = logSumExp(row);
      const probability = (id: number): number => Math.exp((row[id] ?? -Infinity) - total);
      return {
        best: topK(row, count).map((id) => ({
          id,
          ...nameOf(id),
          probability: probability(id),
        })),
        final: { rank: rank(row, last), probability: probability(last) },
      };
    }),
  };
}

/** The likeliest token at each position of logits [position][vocabulary]. */
export function argmaxTokens(logits: Float32Array, positions: number): number[] {
  const vocabulary = logits.length / positions;
  return Array.from({ length: positions }, (_, position) => {
    const row = logits.subarray(position * vocabulary, (position + 1) * vocabulary);
    return topK(row, 1)[0] ?? 0;
  });
}
