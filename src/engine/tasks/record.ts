import { noSuchHookPoint } from '../../reference/hookPoints';
import type { HookPoint, RecordedPoint } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import { runOptionsOf, referenceInputOf, type RunControl } from '../reference/tracedRun';

/** The hook points of a model's reference, in the order in which they are computed. */
export async function hookPoints(opened: OpenModel): Promise<HookPoint[]> {
  const { model } = await referenceOf(opened);
  return Array.from(model.hookPoints, ([name, dims]) => ({ name, dims: [...dims] }));
}

/**
 * Runs the tokens of a trace through the reference and records values.
 * @param points names of hook points.
 * @throws Failure `input` for a name that the model does not have, `unsupported` for a family that
 *   the reference does not know.
 */
export async function record(
  opened: OpenModel,
  trace: AttentionTrace,
  points: readonly string[],
  control: RunControl,
): Promise<RecordedPoint[]> {
  const { model } = await referenceOf(opened);
  const unknown = points.find((point) => !model.hookPoints.has(point));
  if (unknown !== undefined) {
    throw noSuchHookPoint(unknown);
  }
  const wanted = new Set(points);
  const run = await model.run(referenceInputOf(trace.summary), {
    ...runOptionsOf(control),
    record: (point) => wanted.has(point),
  });
  return Array.from(run.points, ([name, { dims, data }]) => ({
    name,
    dims: [...dims],
    values: data,
  }));
}
