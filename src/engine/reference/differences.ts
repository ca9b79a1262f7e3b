import {
  floatTolerance,
  type Difference,
  type LogitsDifference,
  type NotFinite,
} from '../../shared/verification';
import { countSameTopToken, meanLogitDeviation } from './logitRows';
import type { ComputedRun, ReferenceRuns } from './referenceRuns';

/**
 * Compares numbers of the runtime with those of the reference. How far rounding in fewer bits carries is
 * found out only where they differ by more than float32 explains.
 * @param of the same numbers of any run of the reference.
 * @param steps how many tokens of the decoder each step computed.
 */
export async function compareTensors(
  actual: Float32Array,
  of: (run: ComputedRun) => Float32Array,
  tolerance: number,
  runs: ReferenceRuns,
  steps?: readonly number[],
): Promise<Difference> {
  const expected = of(await runs.compared(steps));
  const maxAbsDiff = largestDifference(actual, expected);
  const notFinite = notFiniteIn(actual, expected);
  const found = { maxAbsDiff, ...(notFinite && { notFinite }) };
  if (maxAbsDiff <= tolerance) {
    return { ...found, tolerance };
  }
  const carried = (await runs.rounded(steps)).map(
    (run) => run.margin * largestDifference(of(run), expected),
  );
  return { ...found, tolerance: Math.max(tolerance, ...carried) };
}

/**
 * The same for logits. Of exports that return the last rows alone, these are compared.
 * @param vocabulary how many logits a token has.
 */
export async function compareLogitTensors(
  logits: Float32Array,
  vocabulary: number,
  runs: ReferenceRuns,
  steps?: readonly number[],
): Promise<LogitsDifference> {
  const of = (run: ComputedRun): Float32Array =>
    run.logits.subarray(Math.max(0, run.logits.length - logits.length));
  const own = of(await runs.compared(steps));
  const scale = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = await compareTensors(logits, of, floatTolerance(scale), runs, steps);
  return {
    ...difference,
    scale,
    spread: meanLogitDeviation(own, vocabulary),
    tokens: logits.length / vocabulary,
    sameLikeliest: countSameTopToken(logits, own, vocabulary),
  };
}

/** Infinity where the sizes differ; of values that are finite in both otherwise. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    return Infinity;
  }
  return a.reduce((largest, value, i) => {
    const difference = Math.abs(value - (b[i] ?? NaN));
    return difference > largest && Number.isFinite(difference) ? difference : largest;
  }, 0);
}

/** Values that are NaN or infinite; undefined where there are none. */
function notFiniteIn(actual: Float32Array, expected: Float32Array): NotFinite | undefined {
  const count = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
  const [runtime, reference] = [count(actual), count(expected)];
  return runtime + reference === 0
    ? undefined
    : { runtime, reference, values: Math.max(actual.length, expected.length) };
}
