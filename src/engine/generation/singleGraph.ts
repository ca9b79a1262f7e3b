import { Failure, phrase } from '../../shared/failure';
import type { GraphInputs } from './graphInputs';

/**
 * A graph that reads the source and what was written of the target in one run, as the exporter of
 * `transformers` writes an encoder–decoder model: it would encode the source anew for every token.
 * @param where names the file in the failure.
 * @returns the failure of such a graph; undefined for others.
 */
export function singleGraphEncoderDecoder(inputs: GraphInputs, where: string): Failure | undefined {
  const isBoth = ['input_ids', 'inputs_embeds', 'input_features'].some((name) => inputs.has(name));
  const isDecoder = ['decoder_input_ids', 'decoder_inputs_embeds'].some((name) => inputs.has(name));
  return isBoth && isDecoder
    ? new Failure({
        kind: 'unsupported',
        what: phrase(
          'One graph holds encoder and decoder together, and Headlight runs each by itself',
        ),
        where,
        remedy: phrase(
          'export them apart, as encoder_model.onnx and decoder_model_merged.onnx, with Optimum or for Transformers.js',
        ),
      })
    : undefined;
}
