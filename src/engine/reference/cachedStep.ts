import type { TraceSummary } from '../../shared/attention';
import type { NoCachedStep } from '../../shared/verification';
import type { Decoder } from '../generation/decoder';
import type { OpenModel } from '../openModel';
import { beginOutput, beginText } from '../sequences';
import { tokenIdsOf } from './tracedRun';

/** So many tokens at the end of a text are computed one by one. */
const CACHED = 2;

/** What the runtime computes of a text's last token where it goes on from a cache. */
export interface CachedStep {
  /** Logits [vocabulary] behind the last token. */
  logits: Float32Array;
  /** How many tokens of the decoder each run computed. */
  steps: number[];
}

/**
 * Runs all tokens of a trace but the last two, and then these one by one with the keys and values that
 * were kept, as generating does: on the branch or the graph for later steps. The second one reads what
 * the first one kept.
 * @returns why there is no such step, where there is none.
 * @throws Failure `runtime`
 */
export async function cachedStep(
  model: OpenModel,
  { sequences }: Pick<TraceSummary, 'sequences'>,
): Promise<CachedStep | { lacking: NoCachedStep }> {
  if (model.architecture === 'encoder') {
    return { lacking: 'encoder' };
  }
  const first = model.decoder.interface;
  const later =
    (model.architecture === 'decoder' ? undefined : model.decoderWithPast?.interface) ?? first;
  const ids = tokenIdsOf(sequences.decoder);
  if (first.instead !== undefined) {
    return { lacking: 'noLogits' };
  }
  if (later.cache === undefined) {
    return { lacking: 'noCache' };
  }
  if (ids.length < 2) {
    return { lacking: 'oneToken' };
  }
  const decoder = await begin(model, tokenIdsOf(sequences.encoder));
  const last = ids.slice(Math.max(1, ids.length - CACHED));
  const before = ids.slice(0, ids.length - last.length);
  let logits = await decoder.append(before);
  for (const id of last) {
    logits = await decoder.append([id]);
  }
  const isOneByOne = first.cache !== undefined && first.length === 1;
  return { logits, steps: isOneByOne ? ids.map(() => 1) : [before.length, ...last.map(() => 1)] };
}

async function begin(
  model: Exclude<OpenModel, { architecture: 'encoder' }>,
  source: readonly number[],
): Promise<Decoder> {
  return model.architecture === 'decoder'
    ? beginText(model)
    : (await beginOutput(model, source)).decoder;
}
