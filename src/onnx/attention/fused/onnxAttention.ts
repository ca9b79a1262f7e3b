import { intAttribute } from '../../graph/attributes';
import { inferDtype } from '../partialInference';
import { attributesOf, given, type FusedReader } from './operator';

/** What `qk_matmul_output_mode` makes the fourth output: the result of the Softmax. */
const AFTER_SOFTMAX = 3;

/** Dimensions of a map: batch, heads, queries and keys. */
const MAP_RANK = 4;

/**
 * `ai.onnx.Attention`, versions 23 and 24 (onnx.ai, "Operators", "Attention"): multi-head,
 * grouped-query or multi-query attention, on 3-D or 4-D inputs, with a mask that is added or
 * chosen by, a cache, and `is_causal`.
 *
 * Inputs: Q, K, V, attn_mask, past_key, past_value, nonpad_kv_seqlen. Its fourth output is asked of
 * a twin; that has one map per query head. ONNX Runtime takes past keys only together with present
 * ones.
 */
export const onnxAttention: FusedReader = (node, { flow }) => {
  const { opType, inputs } = node;
  const dtype = inferDtype(inputs[0] ?? '', flow);
  return {
    node,
    queries: given(node, 0),
    keys: given(node, 1, 4),
    scores: given(node, 3),
    products: [],
    isCausal: intAttribute(node, 'is_causal') === 1,
    map: {
      kind: 'built',
      build: (to) => {
        const hasPast = given(node, 4).length > 0;
        const attributes = {
          ...attributesOf(node),
          qk_matmul_output_mode: { kind: 'int', value: AFTER_SOFTMAX },
        } as const;
        const twin = { opType, inputs, attributes };
        const [, , , probabilities = ''] = to.addNode(twin, [true, hasPast, hasPast, true]);
        if (dtype !== undefined) {
          // ONNX Runtime takes maps over any number of keys to be of one size, of no key at all.
          to.describeApart(probabilities, dtype, MAP_RANK);
        }
        return probabilities;
      },
    },
    ...(dtype === undefined ? {} : { dtype }),
  };
};
