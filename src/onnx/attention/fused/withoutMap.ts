import { Failure, phrase, type Phrase } from '../../../shared/failure';
import type { Node } from '../../graph/model';
import { nodesWithin } from '../../graph/walk';
import { operatorName } from '../../graph/operators';

/**
 * Operators that bring tokens together by a state that is handed on, and not by probabilities over
 * them: linear attention (Katharopoulos et al. 2020; Yang et al. 2024 for the gated delta rule),
 * recurrent layers, and the `Scan` that state-space models such as Mamba (Gu and Dao 2023) are
 * written with; or by a Fourier transform (FNet, Lee-Thorp et al. 2021).
 */
const WITHOUT_MAP: ReadonlySet<string> = new Set([
  'LinearAttention',
  'com.microsoft.LinearAttention',
  'com.microsoft.GatedDeltaNet',
  'com.microsoft.AttnLSTM',
  'com.microsoft.DynamicQuantizeLSTM',
  'LSTM',
  'GRU',
  'RNN',
  'Scan',
  'DFT',
]);

/** Those among them that are called attention. */
export function isLinearAttention(node: Node): boolean {
  return WITHOUT_MAP.has(operatorName(node)) && /Attention|GatedDeltaNet/.test(node.opType);
}

/** Names of the operators in a graph, inner ones included, that have no map, each once. */
export function operatorsWithoutMap(nodes: readonly Node[]): string[] {
  const names = new Set(Array.from(nodesWithin(nodes), operatorName));
  return [...names].filter((name) => WITHOUT_MAP.has(name));
}

/** Whether attention is computed in integers alone, as ONNX Runtime's quantiser writes it unless told. */
export function hasIntegerSoftmax(nodes: readonly Node[]): boolean {
  return Array.from(nodesWithin(nodes), operatorName).includes(INTEGER_SOFTMAX);
}

export const INTEGER_SOFTMAX = 'com.microsoft.QLinearSoftmax';

/** The failure for an operator whose name says attention, but whose map cannot be had. */
export function refused(node: Node, where: string): Failure {
  const name = operatorName(node);
  return new Failure({
    kind: 'unsupported',
    what: reason(name),
    where,
    remedy: IN_PARTS.has(name)
      ? phrase(
          'choose a model with full attention; that of some families can be exported with it (BigBird: attention_type="original_full")',
        )
      : phrase(
          'use a file that no graph optimizer has changed, or export the model with attention in separate operators (transformers: attn_implementation="eager")',
        ),
  });
}

/** Operators that compute no whole map, however a model is exported. */
const IN_PARTS: ReadonlySet<string> = new Set([
  'com.microsoft.SparseAttention',
  'com.microsoft.LongformerAttention',
  'com.microsoft.QOrderedLongformerAttention',
]);

function reason(name: string): Phrase {
  if (IN_PARTS.has(name)) {
    return phrase(
      'The operator {0} computes some parts of the attention map and never the whole of it',
      name,
    );
  }
  switch (name) {
    case 'com.microsoft.PackedAttention':
    case 'com.microsoft.PackedMultiHeadAttention':
    case 'com.microsoft.PagedAttention':
      return phrase(
        'The operator {0} keeps the tokens of several texts in one row and runs on graphics processors alone, so there is no attention map of it',
        name,
      );
    case 'com.microsoft.DecoderAttention':
    case 'com.microsoft.DecoderMaskedSelfAttention':
    case 'com.microsoft.QOrderedAttention':
      return phrase(
        'The operator {0} runs on graphics processors alone, so there is no attention map of it',
        name,
      );
    default:
      return phrase(
        'Attention is fused into the operator {0}, which does not output its probabilities',
        name,
      );
  }
}
