import type { ScoreScale } from '../../shared/verification';

/*
 * Whether a layer's scores have the right scale. In half precision, a wrong factor may change each
 * probability no more than rounding does, but it changes all of them in the same direction.
 *
 * The derivative of a row p = softmax(s) by a factor of its scores is g = p · (ln p + H), with the entropy
 * H = −Σ p ln p: ln p differs from s by a constant of the row, and its weighted mean is subtracted. To
 * first order, probabilities q therefore have the factor 1 + b, with the least-squares estimate
 * b = Σ g (q − p) / Σ g² over all rows of all heads.
 */

/** Half precision rounds to 2⁻¹¹; a scale, a norm and two products add up a few of these errors. */
const LEAST_TOLERANCE = 2 ** -8;

/** The runtime's b may be this many times that of a rounded run. */
const BIAS_MARGIN = 2;

/** In standard errors of a rounded run's b; each query's row is one sample. */
const ERROR_MARGIN = 4;

/**
 * Estimates the relative error of the runtime's scale of scores.
 * @param expected probabilities of the reference, [head · query][key].
 * @param actual those of the runtime.
 * @param rounded those of runs of the reference that round as far as the runtime may.
 * @returns undefined where no query sees more than one key, so that a factor changes nothing.
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
