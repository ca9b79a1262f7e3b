import type { Sign, WrongSigns } from '../../library/modelPurpose';
import type { GeneratedToken } from '../../shared/engineApi';

/**
 * What shows in a result that it may be wrong, as far as it was looked for:
 * - `logprob`: natural logarithm of the probability that the model gave the whole result
 * - `unmatchedWords`: number of words of the source that nothing in the result seems to stand for, or that
 *   the model hardly met in training
 * - `negation`: 1 if the result denies what its source does not, or the other way round; else 0
 * - `saidAgain`: number of words that a sentence says again
 */
export type ErrorFeatures = Partial<Record<Sign, number>>;

/**
 * How likely a result is wrong by the signs of it: logistic regression, 1 / (1 + exp(−(a + Σ wᵢ xᵢ))). The
 * coefficients are those of the model's own headlight.json.
 */
export function errorProbability(signs: ErrorFeatures, { intercept, weights }: WrongSigns): number {
  const sum = (Object.keys(weights) as Sign[]).reduce(
    (total, sign) => total + (weights[sign] ?? 0) * (signs[sign] ?? 0),
    intercept,
  );
  return 1 / (1 + Math.exp(-sum));
}

/** Whether a result is likelier to be wrong than its model's limit allows. */
export function isLikelyWrong(signs: ErrorFeatures, wrong: WrongSigns): boolean {
  return errorProbability(signs, wrong) > wrong.limit;
}

/** The natural logarithm of the probability of all of a result's tokens. */
export function totalLogprob(tokens: readonly GeneratedToken[]): number {
  return tokens.reduce((sum, { logprob }) => sum + logprob, 0);
}
