import type { ScoreScale } from '../../shared/verification';

/*
 * Whether a layer's scores are multiplied by what they should be. In half precision a wrong factor may
 * move no probability further than rounding does, but it moves all of them the same way.
 *
 * Of a row p = softmax(s), the derivative by a factor of the scores is g = p · (ln p + H), with the
 * entropy H = −Σ p ln p: ln p is s less a number of the row, and the weighted mean is taken from it. So
 * the factor of other probabilities q is 1 + b, with the least squares b = Σ g (q − p) / Σ g² over all
 * rows of all heads, to first order.
 */

/** Half precision is no finer than 2⁻¹¹: a scale, a norm and two products leave a few of these. */
const LEAST_TOLERANCE = 2 ** -8;

/** How many times as far from 0 as the b of a rounded run that of the runtime may be. */
const BIAS_MARGIN = 2;

/** In standard errors of the rounded run's b, of which each query's row is one sample. */
const ERROR_MARGIN = 4;

/**
 * Estimates by what part the runtime's scores are too large.
 * @param expected probabilities of the reference, [head · query][key].
 * @param actual those of the runtime.
 * @param rounded those of runs of the reference that round as far as the runtime may.
 * @returns undefined where no query has a choice, so that a factor changes nothing.
 */
export function scoreScale(
  expected: Float32Array,
  actual: Float32Array,
  rounded: readonly Float32Array[],
  keys: number,
): ScoreScale | undefined {
  const { factor: error } = fitted(expected, actual, keys);
  const fits = rounded.map((values) => fitted(expected, values, keys));
  const tolerance = Math.max(
    LEAST_TOLERANCE,
    ...fits.flatMap(({ factor, deviation }) => [
      BIAS_MARGIN * Math.abs(factor),
      ERROR_MARGIN * deviation,
    ]),
  );
  return Number.isFinite(error) ? { error, tolerance } : undefined;
}

/** b, and its standard error with rows as samples; NaN where the scores change no probability. */
function fitted(
  expected: Float32Array,
  actual: Float32Array,
  keys: number,
): { factor: number; deviation: number } {
  let [squares, products, variance] = [0, 0, 0];
  for (let start = 0; start < expected.length; start += keys) {
    const row = expected.subarray(start, start + keys);
    const entropy = -row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
    let product = 0;
    row.forEach((p, key) => {
      const slope = p > 0 ? p * (Math.log(p) + entropy) : 0;
      squares += slope ** 2;
      product += slope * ((actual[start + key] ?? NaN) - p);
    });
    products += product;
    variance += product ** 2;
  }
  return { factor: products / squares, deviation: Math.sqrt(variance) / squares };
}
