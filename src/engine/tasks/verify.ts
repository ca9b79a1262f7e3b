import type { Verification } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import { runtimeLogits } from '../reference/runtimeLogits';
import { followed, inputOf, type Following } from '../reference/tracedRun';
import { asFloat32 } from '../runtime/tensor';

/**
 * Runs the tokens of a trace through the reference Transformer, with the same weights, and finds the
 * largest difference from what the runtime computed: in each attention layer and at the logits.
 * @throws Failure `unsupported` for a family that the reference does not know; the signal's reason.
 */
export async function verify(
  opened: OpenModel,
  trace: AttentionTrace,
  following: Following,
): Promise<Verification> {
  const { model, quantized } = await referenceOf(opened);
  const { signal } = following;
  const { sites } = trace.summary;
  const points = new Map(sites.map(({ id }) => [`${id}.hook_pattern`, id]));
  const run = await model.run(inputOf(trace.summary), {
    ...followed(following),
    record: (point) => points.has(point),
  });
  const compared: Verification['sites'] = [];
  for (const { id, heads, queries, keys } of sites) {
    const pattern = run.points.get(`${id}.hook_pattern`)?.data ?? new Float32Array(0);
    let maxAbsDiff = 0;
    for (let head = 0; head < heads; head++) {
      signal.throwIfAborted();
      const map = await trace.map(id, head, signal);
      const from = head * queries * keys;
      const own = pattern.subarray(from, from + queries * keys);
      maxAbsDiff = Math.max(maxAbsDiff, largestDifference(map, own));
    }
    compared.push({ id, maxAbsDiff });
  }
  const logits = asFloat32(await runtimeLogits(opened, trace.summary));
  // Of exports that return the last rows alone, these are compared.
  const own = run.logits.data.subarray(Math.max(0, run.logits.data.length - logits.length));
  return {
    sites: compared,
    logits: {
      maxAbsDiff: largestDifference(logits, own),
      scale: own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    },
    quantized,
  };
}

/** Infinity where the sizes differ, NaN where a number is none. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    return Infinity;
  }
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? NaN))), 0);
}
