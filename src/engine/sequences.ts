import { isFullPrecision } from '../onnx/graph/precision';
import { Failure, phrase } from '../shared/failure';
import { Decoder, type LoadedDecoder } from './generation/decoder';
import { runEncoder } from './generation/encoder';
import type { DecoderModel, DecoderPart, EncoderDecoderModel } from './openModel';

/** Starts a sequence in a decoder-only model. */
export async function beginText(model: DecoderModel): Promise<Decoder> {
  return new Decoder({
    first: await load(model.decoder),
    vocabulary: model.folder.config.vocabulary,
    fullPrecision: isFullPrecision(model.decoder.graph.onnx),
  });
}

/**
 * Runs an encoder–decoder model's encoder, and starts a sequence in its decoder.
 * @param source the source's tokens, no more than the model can see at once.
 * @returns also the tokens that every output begins with, and which are not part of it.
 * @throws Failure `model` when the folder does not say what an output begins with.
 */
export async function beginOutput(
  model: EncoderDecoderModel,
  source: readonly number[],
): Promise<{ decoder: Decoder; start: [number] }> {
  const start = startToken(model);
  const { encoder, decoder, decoderWithPast } = model;
  const { vocabulary, outputVocabulary = vocabulary } = model.folder.config;
  const states = await runEncoder(await encoder.graph.session(), encoder.interface, source);
  return {
    decoder: new Decoder({
      first: await load(decoder),
      ...(decoderWithPast === undefined ? {} : { later: await load(decoderWithPast) }),
      encoded: { states, length: source.length },
      vocabulary: outputVocabulary,
      fullPrecision: [encoder, decoder, decoderWithPast ?? decoder].every(({ graph }) =>
        isFullPrecision(graph.onnx),
      ),
    }),
    start: [start],
  };
}

/**
 * The token that an encoder–decoder model's outputs begin with: `decoder_start_token_id`, else
 * `bos_token_id`, as in Hugging Face's `generate`.
 * @throws Failure `model` when the folder gives neither.
 */
export function startToken({ folder }: EncoderDecoderModel): number {
  const { decoderStartToken, beginToken } = folder.generation;
  const start = decoderStartToken ?? beginToken;
  if (start === undefined) {
    throw new Failure({
      kind: 'model',
      what: phrase('The model does not say which token its outputs begin with'),
      where: folder.folder,
      remedy: phrase('add “{0}” to its generation_config.json', 'decoder_start_token_id'),
    });
  }
  return start;
}

async function load(part: DecoderPart): Promise<LoadedDecoder> {
  return { session: await part.graph.session(), interface: part.interface };
}
