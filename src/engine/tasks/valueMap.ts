import { headMatrix } from '../../reference/attention';
import { axis } from '../../reference/tensor';
import type { HeadMap, HeadId } from '../../shared/attention';
import { noSuchHookPoint } from '../../reference/hookPoints';
import type { AttentionTrace } from '../../trace/attentionTrace';
import { weightedByValues } from '../../trace/valueNorms';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import { runOptionsOf, referenceInputOf, type RunControl } from '../reference/tracedRun';

/**
 * A head's attention, weighted by the length of what each key adds to the residual stream.
 * @throws Failure `input` for a head that the trace lacks, `unsupported` for a family that the
 *   reference does not know; the signal's reason.
 */
export async function valueMap(
  opened: OpenModel,
  trace: AttentionTrace,
  { site, head }: HeadId,
  control: RunControl,
): Promise<HeadMap> {
  const { heads, queries, keys } = trace.site(site, head);
  const { model } = await referenceOf(opened);
  const [patternPoint, valuePoint] = [`${site}.hook_pattern`, `${site}.hook_v`];
  const { points } = await model.run(referenceInputOf(trace.summary), {
    ...runOptionsOf(control),
    record: (point) => point === patternPoint || point === valuePoint,
  });
  const [pattern, values] = [points.get(patternPoint), points.get(valuePoint)];
  if (pattern === undefined || values === undefined) {
    throw noSuchHookPoint(valuePoint, 'unsupported');
  }
  const map = queries * keys;
  const sharing = heads / axis(values, 2);
  const lengths = weightedByValues(
    { dims: [queries, keys], data: pattern.data.subarray(head * map, (head + 1) * map) },
    { dims: [keys, axis(values, 3)], data: headMatrix(values, 0, Math.floor(head / sharing)) },
    await model.outputOf(site, head),
  );
  return { queries, keys, values: lengths };
}
