import { floatTolerance, isRoundingLeft, type Verification } from '../../shared/verification';
import type { AttentionTrace } from '../../trace/attentionTrace';
import type { OpenModel } from '../openModel';
import { compared } from '../reference/differences';
import { referenceOf } from '../reference/referenceOf';
import { ReferenceRuns } from '../reference/referenceRuns';
import { compareLogits } from '../reference/runLogits';
import { checkSavedWeights } from '../reference/savedWeights';
import { compareShorterTexts } from '../reference/shorterTexts';
import type { Following } from '../reference/tracedRun';

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
  following: Following,
): Promise<Verification> {
  const { summary } = trace;
  const { signal } = following;
  const reference = await referenceOf(opened);
  const runs = new ReferenceRuns(reference, summary, following);
  const { quantized, half, followed, unfollowed, saturating } = reference;
  const found: Verification = {
    sites: await compareMaps(trace, runs, signal),
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
  signal: AbortSignal,
): Promise<Verification['sites']> {
  await runs.compared();
  const sites: Verification['sites'] = [];
  // Maps of a long text each take another run of the model: as much of the work as the reference's.
  for (const { id } of trace.summary.sites) {
    const maps = await trace.layer(id, signal);
    const difference = await compared(
      maps,
      ({ patterns }) => patterns.get(id) ?? new Float32Array(0),
      floatTolerance(),
      runs,
    );
    sites.push({ id, ...difference });
    runs.siteDone();
  }
  return sites;
}
