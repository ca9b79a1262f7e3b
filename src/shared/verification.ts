import type { FailureData } from './failure';

/** How far numbers of the runtime are from the reference's, and how far rounding may take them. */
export interface Difference {
  /** Of the values that are finite in both. */
  maxAbsDiff: number;
  /** Differences up to this are rounding. */
  tolerance: number;
  /** Given where a value is NaN or infinite in one of the two, or in both. */
  notFinite?: NotFinite;
}

/** How many values are NaN or infinite. */
export interface NotFinite {
  runtime: number;
  reference: number;
  /** How many there are in all. */
  values: number;
}

/** A difference of logits. */
export interface LogitsDifference extends Difference {
  /** The largest magnitude that they have, by which rounding grows. */
  scale: number;
  /** Their standard deviation over the vocabulary, the mean over the tokens: what a difference is small against. */
  spread: number;
  /** Of how many tokens they are. */
  tokens: number;
  /** At how many of these the likeliest one is the same. */
  sameLikeliest: number;
}

/** A difference of the attention probabilities of a layer. */
export interface AttentionDifference extends Difference {
  /** As in the trace, e.g. `blocks.0.attn`. */
  id: string;
  /** Measured where the graph computes in half precision. */
  scoreScale?: ScoreScale;
}

/**
 * By what part the scores of a layer seem to be multiplied too much: errors of rounding point to all
 * sides, so this is found where each probability is hidden in them.
 */
export interface ScoreScale {
  /** 0.01: the probabilities are those of scores that are 1% too large. */
  error: number;
  /** Magnitudes up to this are rounding. */
  tolerance: number;
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
      /** How many weights the graphs have, and how many of these were compared. */
      inGraphs: { compared: number; weights: number };
      /** Those of the same name that have another shape, the first ones of `reshaped`. */
      otherShapes: OtherShape[];
      reshaped: number;
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
  /** How many tokens the whole text has. */
  of: number;
  /** How many were tried. */
  tried: number;
  /** How likely it is that rounding makes all of these differ: an estimate from above. */
  chance: number;
}

/** A weight that was saved in another shape. */
export interface OtherShape {
  /** As the safetensors file calls it. */
  name: string;
  saved: number[];
  inGraph: number[];
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
  /** Of the values that are finite in both. */
  maxAbsDiff: number;
  /** How many of those that differ are NaN or infinite in one of the two. */
  notFinite: number;
}

/** What the runtime computed of a trace, held against the reference Transformer. */
export interface Verification {
  /** The attention probabilities of each layer of the trace. */
  sites: AttentionDifference[];
  /** Logits of the text's tokens; absent where the model's file has no output layer. */
  logits?: LogitsDifference;
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
 * - `matches`: all that was compared agrees as float32 does in another order of adding.
 * - `rounded`: differences are no larger than rounding to 8 bits or to float16 explains.
 * - `unclear`: differences may be rounding that the reference does not follow, or errors.
 * - `differs`: something is wrong, in the run or in the weights.
 */
export type Verdict = 'matches' | 'rounded' | 'unclear' | 'differs';

/** What a verification comes to. */
export function verdictOf(found: Verification): Verdict {
  const { weights, unfollowed, saturating } = found;
  const differences = differencesIn(found);
  if (weights.kind === 'compared' && weights.differing + weights.reshaped > 0) {
    return 'differs';
  }
  if (differences.every(isFloatRounding)) {
    return 'matches';
  }
  if (differences.some(({ notFinite }) => notFinite !== undefined)) {
    return 'differs';
  }
  if (saturating || unfollowed.length > 0) {
    return 'unclear';
  }
  if (!differences.every(isWithinTolerance)) {
    return 'differs';
  }
  if (!isRoundingLeft(found) || found.shorter?.agreeing !== undefined) {
    return 'rounded';
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
    differences.every(isWithinTolerance)
  );
}

/** Whether all numbers of the run agree up to rounding. */
export function agrees(found: Verification): boolean {
  const verdict = verdictOf(found);
  return verdict === 'matches' || verdict === 'rounded';
}

/** A difference of any kind. */
export type AnyDifference = Difference & { scale?: number; scoreScale?: ScoreScale };

/** Whether a difference is no more than summing in another order makes. */
export function isFloatRounding({ maxAbsDiff, notFinite, scale = 1 }: AnyDifference): boolean {
  return notFinite === undefined && maxAbsDiff <= floatTolerance(scale);
}

/** Whether a difference is no more than any rounding of the graph explains. */
export function isWithinTolerance({
  maxAbsDiff,
  tolerance,
  notFinite,
  scoreScale,
}: AnyDifference): boolean {
  return notFinite === undefined && maxAbsDiff <= tolerance && isScaleRounding(scoreScale);
}

/** Whether the scale of a layer's scores is right up to rounding, as far as it was measured. */
export function isScaleRounding(scale: ScoreScale | undefined): boolean {
  return scale === undefined || Math.abs(scale.error) <= scale.tolerance;
}

/** How far sums of float32 in another order may differ, where values are as large as `scale`. */
export function floatTolerance(scale = 1): number {
  return FLOAT_ROUNDING * Math.max(1, scale);
}

/** The numbers of a run that were compared. */
export type Compared = Pick<Verification, 'sites' | 'logits' | 'cachedStep'>;

/** All differences that were measured. */
export function differencesIn({ sites, logits, cachedStep }: Compared): AnyDifference[] {
  return [
    ...sites,
    ...(logits === undefined ? [] : [logits]),
    ...('lacking' in cachedStep ? [] : [cachedStep]),
  ];
}

/** The largest difference of all values that are finite in both. */
export function largestDifference(found: Compared): number {
  return Math.max(0, ...differencesIn(found).map(({ maxAbsDiff }) => maxAbsDiff));
}

/** Where numbers are off first, in the order in which they are computed. */
export type FirstDifference =
  /** The probabilities of a layer; `before`: the one of the same stack whose were the last to agree. */
  | { kind: 'attention'; site: AttentionDifference; before?: string }
  | { kind: 'logits'; logits: LogitsDifference }
  /** What is computed at once agrees. */
  | { kind: 'cachedStep'; step: LogitsDifference };

/**
 * The first of the parts that were compared to be off.
 * @param isRight whether a difference is none.
 */
export function firstDifference(
  { sites, logits, cachedStep }: Compared,
  isRight: (difference: AnyDifference) => boolean,
): FirstDifference | undefined {
  const index = sites.findIndex((site) => !isRight(site));
  const site = sites[index];
  if (site !== undefined) {
    const before = sites[index - 1]?.id;
    const isOfStack = before !== undefined && stackOf(before) === stackOf(site.id);
    return { kind: 'attention', site, ...(isOfStack && { before }) };
  }
  if (logits !== undefined && !isRight(logits)) {
    return { kind: 'logits', logits };
  }
  return 'lacking' in cachedStep || isRight(cachedStep)
    ? undefined
    : { kind: 'cachedStep', step: cachedStep };
}

/** `decoder.` of `decoder.blocks.0.attn`; empty where a model has one stack alone. */
function stackOf(site: string): string {
  return site.slice(0, site.indexOf('blocks.'));
}
