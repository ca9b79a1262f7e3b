import type { FailureData } from './failure';

/** How far numbers of the runtime are from the reference's, and how far rounding may take them. */
export interface Difference {
  maxAbsDiff: number;
  /** Differences up to this are rounding. */
  tolerance: number;
}

/** A difference of logits. */
export interface LogitsDifference extends Difference {
  /** The largest magnitude that they have, which the difference is to be seen against. */
  scale: number;
}

/** Forms of rounding that the reference does not follow; see {@link Verification.unfollowed}. */
export type UnfollowedRounding = 'fixedScales' | 'blocks' | 'packedAttention' | 'other';

/** Why no step from a key–value cache was compared. */
export type NoCachedStep =
  /** An encoder has none. */
  | 'encoder'
  /** The graph computes all tokens in every step. */
  | 'noCache'
  /** The text has one token alone. */
  | 'oneToken'
  /** The graph returns no logits. */
  | 'noLogits';

/** What came of holding a model's weights against those that `transformers` saved beside them. */
export type WeightsCheck =
  | { kind: 'absent' }
  | { kind: 'unreadable'; why: FailureData }
  | {
      kind: 'compared';
      /** The file, relative to the folder of the model. */
      file: string;
      /** Weights, and all of their values, that were compared. */
      weights: number;
      values: number;
      /** Weights of the file that no counterpart was found for in the graphs. */
      unmatched: number;
      /** Those that differ by more than storing them may change, the first ones of `differing`. */
      different: DifferentWeight[];
      differing: number;
    };

/**
 * What came of looking at beginnings of a text where 8-bit rounding may explain a difference on the
 * whole.
 */
export interface ShorterTexts {
  /** How many tokens the first one has on which runtime and reference agree up to float32; absent: none. */
  agreeing?: number;
  /** How many were tried. */
  tried: number;
  /** How likely it is that rounding makes all of these differ: an estimate from above. */
  chance: number;
}

/** A weight that is not what was saved. */
export interface DifferentWeight {
  /** As the safetensors file calls it. */
  name: string;
  /** How many of its values differ, and of how many. */
  count: number;
  values: number;
  /** The first and the last of them, counted from 0 in the order of the safetensors file. */
  first: number;
  last: number;
  maxAbsDiff: number;
}

/** What the runtime computed of a trace, held against the reference Transformer. */
export interface Verification {
  /** The attention probabilities of each layer of the trace. */
  sites: ({ id: string } & Difference)[];
  /** Logits of the text's tokens; absent where the model's file has no output layer. */
  logits?: LogitsDifference & { tokens: number };
  /** The logits of the last token, computed from a cache that the tokens before it have filled. */
  cachedStep: LogitsDifference | { lacking: NoCachedStep };
  /** Whether some of the model's weights are integers. */
  quantized: boolean;
  /** Whether the graph computes in half precision. */
  half: boolean;
  /** Whether the graph rounds activations to 8 bits in a way that the reference follows. */
  followed: boolean;
  /**
   * How the graph rounds activations otherwise: there a difference up to the tolerance cannot be told
   * from an error.
   */
  unfollowed: UnfollowedRounding[];
  /** Whether this processor cuts off sums of the model's 8-bit products: then numbers are wrong here. */
  saturating: boolean;
  /** Given where the reference follows 8-bit rounding and a difference may be a value rounded otherwise. */
  shorter?: ShorterTexts;
  weights: WeightsCheck;
}

/** Differences up to this are rounding in float32: sums in another order. */
export const FLOAT_ROUNDING = 1e-4;

/**
 * - `matches`: all that was compared agrees up to rounding.
 * - `unclear`: differences may be rounding that the reference does not follow, or errors.
 * - `differs`: something is wrong, in the run or in the weights.
 */
export type Verdict = 'matches' | 'unclear' | 'differs';

/** What a verification comes to. */
export function verdictOf(found: Verification): Verdict {
  const { weights, unfollowed, saturating } = found;
  const differences = differencesIn(found);
  if (weights.kind === 'compared' && weights.differing > 0) {
    return 'differs';
  }
  if (differences.every(isFloatRounding)) {
    return 'matches';
  }
  if (saturating || unfollowed.length > 0) {
    return 'unclear';
  }
  if (!differences.every(({ maxAbsDiff, tolerance }) => maxAbsDiff <= tolerance)) {
    return 'differs';
  }
  if (!isRoundingLeft(found) || found.shorter?.agreeing !== undefined) {
    return 'matches';
  }
  return (found.shorter?.chance ?? 1) < UNLIKELY ? 'differs' : 'unclear';
}

/** How likely an explanation must at least be to be one. */
const UNLIKELY = 1e-3;

/**
 * Whether some difference is more than float32 explains, and no more than values that are rounded to
 * another integer in 8 bits do: then beginnings of the text tell whether it is that.
 */
export function isRoundingLeft(
  found: Pick<Verification, 'sites' | 'logits' | 'cachedStep' | 'followed' | 'half' | 'unfollowed'>,
): boolean {
  const differences = differencesIn(found);
  return (
    found.followed &&
    !found.half &&
    found.unfollowed.length === 0 &&
    !differences.every(isFloatRounding) &&
    differences.every(({ maxAbsDiff, tolerance }) => maxAbsDiff <= tolerance)
  );
}

/** Whether all numbers of the run agree up to rounding. */
export function agrees(found: Verification): boolean {
  return verdictOf(found) === 'matches';
}

/** Whether a difference is no more than summing in another order makes. */
export function isFloatRounding({
  maxAbsDiff,
  scale = 1,
}: Difference & { scale?: number }): boolean {
  return maxAbsDiff <= floatTolerance(scale);
}

/** How far sums of float32 in another order may differ, where values are as large as `scale`. */
export function floatTolerance(scale = 1): number {
  return FLOAT_ROUNDING * Math.max(1, scale);
}

/** All differences that were measured. */
export function differencesIn({
  sites,
  logits,
  cachedStep,
}: Pick<Verification, 'sites' | 'logits' | 'cachedStep'>): (Difference & { scale?: number })[] {
  return [
    ...sites,
    ...(logits === undefined ? [] : [logits]),
    ...('lacking' in cachedStep ? [] : [cachedStep]),
  ];
}

/** The largest difference of all; NaN where a number of the runtime is none. */
export function largestDifference(
  found: Pick<Verification, 'sites' | 'logits' | 'cachedStep'>,
): number {
  return Math.max(0, ...differencesIn(found).map(({ maxAbsDiff }) => maxAbsDiff));
}
