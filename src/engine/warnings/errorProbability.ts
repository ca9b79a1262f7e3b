import type { Sign, WrongSigns } from '../../library/modelPurpose';
import type { GeneratedToken } from '../../shared/generation';

/**
 * Features that a wrong result may show; those that were not looked for are absent:
 * - `logprob`: natural logarithm of the probability that the model gave the whole result
 * - `unmatchedWords`: number of words of the source that nothing in the result seems to stand for, or that
 *   the model hardly met in training
 * - `negation`: 1 if the result denies what its source does not, or the other way round; else 0
 * - `saidAgain`: number of words that a sentence says again
 */
export type ErrorFeatures = Partial<Record<Sign, number>>;

/**
 * The probability that a result is wrong, by logistic regression: 1 / (1 + exp(−(a + Σ wᵢ xᵢ))). The
 * coefficients are in the model's headlight.json.
 */
export function errorProbability(
  features: ErrorFeatures,
  { intercept, weights }: WrongSigns,
): number {
  const sum = (Object.keys(weights) as Sign[]).reduce(
    (total, sign) => total + (weights[sign] ?? 0) * (features[sign] ?? 0),
    intercept,
  );
  return 1 / (1 + Math.exp(-sum));
}

/** Whether the error probability of a result is above its model's limit. */
export function isLikelyWrong(features: ErrorFeatures, wrong: WrongSigns): boolean {
  return errorProbability(features, wrong) > wrong.limit;
}

/** The natural logarithm of the probability of all of a result's tokens. */
export function totalLogprob(tokens: readonly GeneratedToken[]): number {
  return tokens.reduce((sum, { logprob }) => sum + logprob, 0);
}
