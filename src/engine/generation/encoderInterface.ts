import type { Graph } from '../../onnx/graph/model';
import { Failure, phrase } from '../../shared/failure';
import { nonTextInput } from './nonTextInput';
import { singleGraphEncoderDecoder } from './singleGraph';
import { fixedSizes, graphInputs, type FixedSizes } from './graphInputs';

/** What an encoder wants to be fed and what it returns, read off its graph. */
export interface EncoderInterface extends FixedSizes {
  attentionMask: boolean;
  /** Which of two texts a token belongs to; Headlight gives one text. */
  tokenTypeIds: boolean;
  positionIds: boolean;
  /**
   * What is taken of it: `last_hidden_state` [1, tokens, width], which a decoder reads; `logits`
   * [1, tokens, vocabulary], or of a classifier [1, classes]; else the first that it returns.
   */
  output: string;
}

/**
 * Reads an encoder's interface off its inputs and outputs, which are named as Hugging Face Optimum
 * names them.
 * @param use  an encoder that a decoder reads must return its states; one that stands alone can be
 *   looked into whatever it returns.
 * @param where  names the file in failures.
 * @throws Failure `unsupported` when the model wants or lacks something that Headlight cannot provide.
 */
export function encoderInterface(
  graph: Graph,
  use: 'for-decoder' | 'alone',
  where: string,
): EncoderInterface {
  const wanted = graphInputs(graph);
  const other = nonTextInput(wanted, where) ?? singleGraphEncoderDecoder(wanted, where);
  if (other !== undefined) {
    throw other;
  }
  const unknown = [...wanted.keys()].find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The model needs an input that Headlight does not know: “{0}”', unknown),
      where,
      remedy: phrase(
        'choose a model that reads text, exported with Optimum or for Transformers.js',
      ),
    });
  }
  if (!wanted.has('input_ids')) {
    throw lacks('input_ids', where);
  }
  const names = graph.outputs.map(({ name }) => name);
  const wantedOutput = use === 'alone' ? 'logits' : 'last_hidden_state';
  const output =
    names.find((name) => name === wantedOutput) ?? (use === 'alone' ? names[0] : undefined);
  if (output === undefined) {
    throw lacks(wantedOutput, where);
  }
  return {
    attentionMask: wanted.has('attention_mask'),
    tokenTypeIds: wanted.has('token_type_ids'),
    positionIds: wanted.has('position_ids'),
    output,
    ...fixedSizes(wanted, KNOWN, where),
  };
}

const KNOWN = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'];

function lacks(name: string, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The encoder has no “{0}”, which Headlight needs', name),
    where,
    remedy: phrase('export the model with Optimum or for Transformers.js'),
  });
}
