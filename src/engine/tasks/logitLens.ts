import type { LensLayer } from '../../shared/referenceRun';
import type { NamedToken } from '../../shared/text';
import type { AttentionTrace } from '../../trace/attentionTrace';
import { lensLayer, argmaxTokens } from '../../trace/logitLens';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import { runOptionsOf, referenceInputOf, type RunControl } from '../reference/tracedRun';
import { namedToken } from './namedToken';

/** How many tokens are named at each position. */
const NAMED = 3;

/**
 * What the output layer makes of the residual stream before each layer of the last stack, and in the
 * end, for each token of a trace.
 * @throws Failure `unsupported` for a family that the reference does not know; the signal's reason.
 */
export async function logitLens(
  opened: OpenModel,
  trace: AttentionTrace,
  control: RunControl,
): Promise<LensLayer[]> {
  const { model } = await referenceOf(opened);
  const { encoder, decoder } = trace.summary.sequences;
  const depths = [...model.hookPoints.keys()].filter((point) =>
    (encoder && decoder
      ? /^decoder\.blocks\.\d+\.hook_resid_pre$/
      : /^blocks\.\d+\.hook_resid_pre$/
    ).test(point),
  );
  const run = await model.run(referenceInputOf(trace.summary), {
    ...runOptionsOf(control),
    record: (point) => depths.includes(point),
  });
  const final = argmaxTokens(run.logits.data, (decoder ?? encoder ?? []).length);
  const nameOf = (id: number): NamedToken => namedToken(opened.tokenizer, id);
  const layers: LensLayer[] = [];
  for (const [depth, states] of run.points) {
    control.signal.throwIfAborted();
    const { data } = await model.unembed(states);
    layers.push(lensLayer(depth, data, final, NAMED, nameOf));
  }
  return [...layers, lensLayer('logits', run.logits.data, final, NAMED, nameOf)];
}
