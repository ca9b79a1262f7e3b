import type { TraceSummary } from '../../shared/attention';
import { textLogits, wholeTextFeeds } from '../generation/decoderFeeds';
import { runEncoder, type EncodedText } from '../generation/encoder';
import type { DecoderPart, OpenModel } from '../openModel';
import type { Tensor } from '../runtime/tensor';
import { tokenIdsOf } from './tracedRun';

/**
 * The logits [1, tokens, vocabulary] that the runtime computes of a trace's tokens; some exports
 * return the last row alone. Runs the plain graph, which is not the one that was tapped.
 * @returns undefined where the graph has no logits.
 * @throws Failure `runtime`
 */
export async function runtimeLogits(
  model: OpenModel,
  { sequences }: Pick<TraceSummary, 'sequences'>,
): Promise<Tensor | undefined> {
  const source = tokenIdsOf(sequences.encoder);
  if (model.architecture === 'decoder') {
    return model.decoder.interface.instead === undefined
      ? decode(model.decoder, tokenIdsOf(sequences.decoder))
      : undefined;
  }
  const { graph, interface: encoder } = model.encoder;
  if (model.architecture === 'encoder' && encoder.output !== 'logits') {
    return undefined;
  }
  const states = await runEncoder(await graph.session(), encoder, source);
  return model.architecture === 'encoder'
    ? states
    : decode(model.decoder, tokenIdsOf(sequences.decoder), { states, length: source.length });
}

async function decode(
  { graph, interface: decoder }: DecoderPart,
  ids: readonly number[],
  encoded?: EncodedText,
): Promise<Tensor> {
  const session = await graph.session();
  const outputs = await session.run(wholeTextFeeds(decoder, ids, encoded), ['logits']);
  return textLogits(decoder, outputs.get('logits') as Tensor, ids.length);
}
