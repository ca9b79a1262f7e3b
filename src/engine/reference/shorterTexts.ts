import { differencesIn, isFloatRounding, type ShorterTexts } from '../../shared/verification';
import type { OpenModel } from '../openModel';
import type { Reference } from './referenceOf';
import { ReferenceRuns, type TracedInput } from './referenceRuns';
import { compareLogits } from './runLogits';

/** Most tokens of a shorter text: each text costs a run of the reference. */
const LONGEST = 64;

/** Short texts have few rounded values, so that most of them agree if the graph is right. */
const SHORT = [8, 6, 5, 4, 3, 2] as const;

/**
 * How often a rounded value lies so near to the middle between two integers that runtime and reference
 * round it to different ones: three times the most that was measured on the bundled models, one text
 * that differs for each 1.5e5 values (docs/decisions/0044-verify-follows-the-graphs-rounding.md).
 */
const TIES_PER_VALUE = 2e-5;

/**
 * Tries beginnings of the text where 8-bit rounding may explain a difference. Each has other scales, so
 * other values, or none, lie in the middle between two integers. A correct graph agrees with the
 * reference on one of the beginnings; a graph that computes these tokens wrongly on none. An error that
 * only shows in later tokens would go unnoticed, so the longest beginnings are tried first.
 * @returns undefined where nothing can be compared.
 * @throws Failure `runtime`; the signal's reason.
 */
export async function compareShorterTexts(
  opened: OpenModel,
  reference: Reference,
  { sequences }: TracedInput,
  signal: AbortSignal,
): Promise<ShorterTexts | undefined> {
  const { encoder, decoder } = sequences;
  const longest = Math.max(encoder?.length ?? 0, decoder?.length ?? 0);
  let chance = 1;
  let tried = 0;
  for (const tokens of lengthsWithin(longest)) {
    signal.throwIfAborted();
    const cut = {
      ...(encoder && { encoder: encoder.slice(0, tokens) }),
      ...(decoder && { decoder: decoder.slice(0, tokens) }),
    };
    const summary = { sequences: cut, sites: [] };
    const runs = new ReferenceRuns({ ...reference, half: false, unfollowed: [] }, summary, {
      signal,
      report: () => undefined,
    });
    const differences = differencesIn({
      ...(await compareLogits(opened, summary, runs)),
      sites: [],
    });
    if (differences.length === 0) {
      return undefined;
    }
    tried += 1;
    chance *= 1 - Math.exp(-TIES_PER_VALUE * runs.roundedValues);
    if (differences.every(isFloatRounding)) {
      return { agreeing: tokens, of: longest, tried, chance };
    }
  }
  return tried === 0 ? undefined : { of: longest, tried, chance };
}

/**
 * The lengths of the shorter texts, in tokens of each sequence, in the order in which they are tried.
 * @param longest the tokens of the longest sequence.
 */
export function lengthsWithin(longest: number): number[] {
  const first = Math.min(LONGEST, longest - 1);
  const long = [first, Math.floor(0.75 * first), Math.floor(0.5 * first)];
  const lengths = new Set([...long.filter((length) => length > SHORT[0]), ...SHORT]);
  return [...lengths].filter((length) => length < longest);
}
