import { floatTolerance, type Difference, type LogitsDifference } from '../../shared/verification';
import type { ComputedRun, ReferenceRuns } from './referenceRuns';

/**
 * Compares numbers of the runtime with those of the reference. How far rounding in fewer bits carries is
 * found out only where they differ by more than float32 explains.
 * @param of the same numbers of any run of the reference.
 * @param steps how many tokens of the decoder each step computed.
 */
export async function compared(
  actual: Float32Array,
  of: (run: ComputedRun) => Float32Array,
  tolerance: number,
  runs: ReferenceRuns,
  steps?: readonly number[],
): Promise<Difference> {
  const expected = of(await runs.compared(steps));
  const maxAbsDiff = largestDifference(actual, expected);
  if (maxAbsDiff <= tolerance) {
    return { maxAbsDiff, tolerance };
  }
  const carried = (await runs.rounded(steps)).map(
    (run) => run.margin * largestDifference(of(run), expected),
  );
  return { maxAbsDiff, tolerance: Math.max(tolerance, ...carried) };
}

/** The same for logits. Of exports that return the last rows alone, these are compared. */
export async function comparedLogits(
  logits: Float32Array,
  runs: ReferenceRuns,
  steps?: readonly number[],
): Promise<LogitsDifference> {
  const of = (run: ComputedRun): Float32Array =>
    run.logits.subarray(Math.max(0, run.logits.length - logits.length));
  const own = of(await runs.compared(steps));
  const scale = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return { ...(await compared(logits, of, floatTolerance(scale), runs, steps)), scale };
}

/** Infinity where the sizes differ, NaN where a number is none. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    return Infinity;
  }
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? NaN))), 0);
}
