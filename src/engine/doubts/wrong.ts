import type { WrongSigns } from '../../library/modelPurpose';
import type { GeneratedToken } from '../../shared/engineApi';

/** What shows in a result that it may be wrong. */
export interface Signs {
  /** Natural logarithm of the probability that the model gave the whole result. */
  logprob: number;
  /** Words of the source that nothing in the result stands for. */
  lostWords: number;
  /** 1 if the result denies what its source does not, or the other way round; else 0. */
  negation: number;
}

/**
 * How likely a result is wrong by the signs of it: logistic regression, 1 / (1 + exp(−(a + Σ wᵢ xᵢ))). The
 * coefficients are those of the model's own headlight.json.
 */
export function chanceOfWrong(signs: Signs, { intercept, weights }: WrongSigns): number {
  const { logprob = 0, lostWords = 0, negation = 0 } = weights;
  const sum =
    intercept + logprob * signs.logprob + lostWords * signs.lostWords + negation * signs.negation;
  return 1 / (1 + Math.exp(-sum));
}

/** Whether a result is likelier to be wrong than its model's limit allows. */
export function seemsWrong(signs: Signs, wrong: WrongSigns): boolean {
  return chanceOfWrong(signs, wrong) > wrong.limit;
}

/** The natural logarithm of the probability of all of a result's tokens. */
export function totalLogprob(tokens: readonly GeneratedToken[]): number {
  return tokens.reduce((sum, { logprob }) => sum + logprob, 0);
}
