import type { Graph } from '../../onnx/model';
import { Failure, phrase } from '../../shared/failure';

/** What an encoder wants to be fed and what it returns, read off its graph. */
export interface EncoderInterface {
  attentionMask: boolean;
  /** Which of two texts a token belongs to; Headlight gives one text. */
  tokenTypeIds: boolean;
  positionIds: boolean;
  /** States [1, tokens, width] for a decoder, or logits [1, tokens, vocabulary]. */
  output: 'last_hidden_state' | 'logits';
}

/**
 * Reads an encoder's interface off its inputs and outputs, which are named as Hugging Face Optimum
 * names them.
 * @param output  what is wanted of it.
 * @param where  names the file in failures.
 * @throws Failure `unsupported` when the model wants or lacks something that Headlight cannot provide.
 */
export function encoderInterface(
  { inputs, outputs, initializers }: Graph,
  output: EncoderInterface['output'],
  where: string,
): EncoderInterface {
  // Old exporters list initializers among the inputs, as defaults that may be overridden.
  const defaults = new Set(initializers.map(({ name }) => name));
  const wanted = new Set(inputs.map(({ name }) => name).filter((name) => !defaults.has(name)));
  const unknown = [...wanted].find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The model needs an input that Headlight does not know: “{0}”', unknown),
      where,
      todo: phrase('choose a model that reads text, exported with Optimum or for Transformers.js'),
    });
  }
  if (!wanted.has('input_ids')) {
    throw lacks('input_ids', where);
  }
  if (!outputs.some(({ name }) => name === output)) {
    throw lacks(output, where);
  }
  return {
    attentionMask: wanted.has('attention_mask'),
    tokenTypeIds: wanted.has('token_type_ids'),
    positionIds: wanted.has('position_ids'),
    output,
  };
}

const KNOWN = new Set(['input_ids', 'attention_mask', 'token_type_ids', 'position_ids']);

function lacks(name: string, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The encoder has no “{0}”, which Headlight needs', name),
    where,
    todo: phrase('export the model with Optimum or for Transformers.js'),
  });
}
