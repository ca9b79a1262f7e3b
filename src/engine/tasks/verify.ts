import { floatTolerance, isRoundingLeft, type Verification } from '../../shared/verification';
import type { AttentionTrace } from '../../trace/attentionTrace';
import type { OpenModel } from '../openModel';
import { compareTensors } from '../reference/differences';
import { referenceOf } from '../reference/referenceOf';
import { ReferenceRuns, type ComputedRun } from '../reference/referenceRuns';
import { compareLogits } from '../reference/runLogits';
import { scoreScale } from '../reference/scoreScale';
import { checkSavedWeights } from '../reference/savedWeights';
import { compareShorterTexts } from '../reference/shorterTexts';
import type { RunControl } from '../reference/tracedRun';

/**
 * Runs the tokens of a trace through the reference Transformer, with the same weights, and finds the
 * largest difference from what the runtime computed: in each attention layer, at the logits, and at
 * those of the last token computed from a cache. Where weights that `transformers` saved lie beside the
 * graph, those of the graph are held against them.
 * @throws Failure `unsupported` for a family that the reference does not know; the signal's reason.
 */
export async function verify(
  opened: OpenModel,
  trace: AttentionTrace,
  control: RunControl,
): Promise<Verification> {
  const { summary } = trace;
  const { signal } = control;
  const reference = await referenceOf(opened);
  const runs = new ReferenceRuns(reference, summary, control);
  const { quantized, half, followed, unfollowed, saturating } = reference;
  const found: Verification = {
    sites: await compareMaps(trace, runs, half, signal),
    ...(await compareLogits(opened, summary, runs)),
    ...{ quantized, half, followed, unfollowed, saturating },
    weights: await checkSavedWeights(opened, signal),
  };
  const shorter = isRoundingLeft(found)
    ? await compareShorterTexts(opened, reference, summary, signal)
    : undefined;
  return { ...found, ...(shorter && { shorter }) };
}

async function compareMaps(
  trace: AttentionTrace,
  runs: ReferenceRuns,
  half: boolean,
  signal: AbortSignal,
): Promise<Verification['sites']> {
  await runs.compared();
  const sites: Verification['sites'] = [];
  // Maps of a long text each take another run of the model: as much of the work as the reference's.
  for (const { id, keys } of trace.summary.sites) {
    const maps = await trace.layer(id, signal);
    const of = ({ patterns }: ComputedRun): Float32Array => patterns.get(id) ?? new Float32Array(0);
    const difference = await compareTensors(maps, of, floatTolerance(), runs);
    const scale = half
      ? scoreScale(of(await runs.compared()), maps, (await runs.rounded()).map(of), keys)
      : undefined;
    sites.push({ id, ...difference, ...(scale && { scoreScale: scale }) });
    runs.siteDone();
  }
  return sites;
}
