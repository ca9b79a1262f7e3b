/*
 * How much a mean of few values says. The values are changes of a log-probability: over the tokens of
 * one text, or over pieces of a document.
 */

/** Fewer values than these tell too little of how far their mean may be off. */
export const FEWEST_VALUES = 6;

/** What a mean change says: a direction, or why it says none. */
export type Direction = 'less' | 'more' | 'unclear' | 'tooFew';

/** A mean, with what it may be off by. */
export interface Estimate {
  mean: number;
  /** Standard error of the mean, s / √n with s² = Σ (xᵢ − mean)² / (n − 1); absent for one value. */
  standardError?: number;
}

/** The mean of values; nothing where there are none. */
export function estimate(values: readonly number[]): Estimate | undefined {
  const count = values.length;
  if (count === 0) {
    return undefined;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) {
    return { mean };
  }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count) };
}

/** A direction is told only of a mean that is further from 0 than two standard errors. */
export function directionOf(
  { mean, standardError = Infinity }: Estimate,
  count: number,
): Direction {
  if (count < FEWEST_VALUES) {
    return 'tooFew';
  }
  return Math.abs(mean) > 2 * standardError ? (mean < 0 ? 'less' : 'more') : 'unclear';
}
