import type { Verification } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import { runtimeLogits } from '../reference/runtimeLogits';
import { followed, inputOf, type Following } from '../reference/tracedRun';
import type { ReferenceModel } from '../../reference/transformer';
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
  const { model, quantized, saturating } = await referenceOf(opened);
  const { signal, report } = following;
  const { sites } = trace.summary;
  const points = new Map(sites.map(({ id }) => [`${id}.hook_pattern`, id]));
  // Maps of a long text each take another run of the model: as much of the work as the reference's.
  const run = await model.run(inputOf(trace.summary), {
    ...followed({
      signal,
      report: ({ done, total }) => report({ done, total: total + sites.length }),
    }),
    record: (point) => points.has(point),
  });
  const compared: Verification['sites'] = [];
  for (const { id } of sites) {
    const pattern = run.points.get(`${id}.hook_pattern`)?.data ?? new Float32Array(0);
    const maps = await trace.layer(id, signal);
    compared.push({ id, maxAbsDiff: largestDifference(maps, pattern) });
    const total = layersOf(model.shape) + sites.length;
    report({ done: total - sites.length + compared.length, total });
  }
  const logits = await runtimeLogits(opened, trace.summary);
  return {
    sites: compared,
    ...(logits === undefined ? {} : { logits: comparedLogits(asFloat32(logits), run.logits.data) }),
    quantized,
    saturating,
  };
}

/** Of exports that return the last rows alone, these are compared. */
function comparedLogits(
  logits: Float32Array,
  all: Float32Array,
): NonNullable<Verification['logits']> {
  const own = all.subarray(Math.max(0, all.length - logits.length));
  return {
    maxAbsDiff: largestDifference(logits, own),
    scale: own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
  };
}

function layersOf({ encoder, decoder }: ReferenceModel['shape']): number {
  return (encoder?.layers ?? 0) + (decoder?.layers ?? 0);
}

/** Infinity where the sizes differ, NaN where a number is none. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    return Infinity;
  }
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? NaN))), 0);
}
