import { softmaxOf } from './multiHead';
import { attributesOf, given, notOnCpu, type FusedReader } from './operator';

/** The inputs of `com.microsoft.DecoderMaskedMultiHeadAttention` by their numbers. */
const INPUT = { query: 0, key: 1, mask: 3, bias: 4, pastKey: 5, beams: 9 } as const;

/**
 * `com.microsoft.DecoderMaskedMultiHeadAttention` (ONNX Runtime, "Contrib Operators"): one query
 * per step, which sees the tokens before it in a cache of fixed length, or the encoder's tokens.
 *
 * Inputs: query, key, value, mask_index, attention_bias, past_key, past_value,
 * past_sequence_length, beam_width, cache_indirection, bias. With `output_qk` its fourth output is
 * Q·Kᵀ with scale and masks; the Softmax is added.
 */
export const decoderMaskedMultiHead: FusedReader = (node, { where }) => {
  if (given(node, INPUT.beams).length > 0) {
    throw notOnCpu(node, 'cache_indirection', where);
  }
  const { opType, domain, inputs } = node;
  const pastKey = given(node, INPUT.pastKey);
  return {
    node,
    queries: given(node, INPUT.query),
    keys: [...given(node, INPUT.key), ...pastKey],
    scores: given(node, INPUT.mask, INPUT.bias),
    products: [],
    isCausal: pastKey.length > 0,
    map: {
      kind: 'built',
      build: (to) => {
        const isOwn = pastKey.length > 0;
        const attributes = {
          ...attributesOf(node),
          output_qk: { kind: 'int', value: 1 },
        } as const;
        const twin = { opType, domain, inputs, attributes };
        const [, , , scores = ''] = to.addNode(twin, [true, isOwn, isOwn, true]);
        return softmaxOf(to, scores);
      },
    },
    dtype: 'float32',
  };
};
