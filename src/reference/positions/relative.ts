import type { Tensor } from '../tensor';

/** Sizes of T5's relative positions. */
export interface RelativeShape {
  buckets: number;
  maximumDistance: number;
}

/**
 * Relative positions: a learned number for each head and each bucket of distances, which is added to
 * the scores. Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
 * Transformer" (2020), section 2.1.
 *
 * @param table [buckets, heads]
 * @returns [heads, queries, keys]
 */
export function relativeBias(
  table: Float32Array,
  heads: number,
  tokens: number,
  shape: RelativeShape,
  causal: boolean,
): Tensor {
  const data = new Float32Array(heads * tokens * tokens);
  for (let query = 0; query < tokens; query++) {
    for (let key = 0; key < tokens; key++) {
      const bucket = relativeBucket(key - query, shape, causal);
      for (let head = 0; head < heads; head++) {
        data[(head * tokens + query) * tokens + key] = table[bucket * heads + head] ?? 0;
      }
    }
  }
  return { dims: [heads, tokens, tokens], data };
}

/**
 * The bucket of a distance. Half of the buckets hold one distance each; the others hold ranges that
 * grow with the logarithm up to the largest distance, and the last one all beyond. Where keys may
 * follow queries, half of all buckets are for them. Formula: Mesh TensorFlow,
 * `_relative_position_bucket`, in float32 as there, since rounding decides at borders.
 *
 * @param distance key − query
 */
export function relativeBucket(
  distance: number,
  { buckets, maximumDistance }: RelativeShape,
  causal: boolean,
): number {
  const count = causal ? buckets : Math.floor(buckets / 2);
  const first = !causal && distance > 0 ? count : 0;
  const length = causal ? Math.max(0, -distance) : Math.abs(distance);
  const exact = Math.floor(count / 2);
  if (length < exact) {
    return first + length;
  }
  const logarithm = Math.fround(Math.log(Math.fround(length / exact)));
  const part = Math.fround(logarithm / Math.fround(Math.log(maximumDistance / exact)));
  return first + Math.min(count - 1, exact + Math.trunc(Math.fround(part * (count - exact))));
}
