import { intAttribute } from '../../graph/attributes';
import { inferDtype } from '../partialInference';
import { attributesOf, given, notOnCpu, type FusedReader } from './operator';

/** Inputs with the weights of norms that queries and keys go through, by their numbers. */
const NORMS = [14, 15] as const;

/** What `qk_output` makes the fourth output: the result of the Softmax. */
const AFTER_SOFTMAX = 2;

/**
 * `com.microsoft.GroupQueryAttention` (ONNX Runtime, "Contrib Operators"): several heads of queries
 * look at one head of keys (Ainslie et al. 2023); always with a cache, masked by order unless
 * `causal` is 0, with rotary positions, a local window, a soft cap or sinks inside.
 *
 * Inputs: query or packed QKV, key, value, past_key, past_value, seqlens_k, total_sequence_length,
 * cos_cache, sin_cache, position_ids, attention_bias, head_sink, … Its fourth output is asked of a
 * twin: one map per query head, over as many keys as the longest text of the batch has. What the
 * map says of padding behind shorter texts is undefined, as the kernel leaves it. The twin keeps all
 * keys, even where the node's own cache is as long as its window: ONNX Runtime has maps of such alone.
 */
export const groupQuery: FusedReader = (node, { flow, where }) => {
  if (given(node, ...NORMS).length > 0) {
    throw notOnCpu(node, 'q_norm_weight', where);
  }
  const { opType, domain, inputs } = node;
  const dtype = inferDtype(inputs[0] ?? '', flow);
  return {
    node,
    queries: given(node, 0),
    keys: [...(given(node, 1).length > 0 ? given(node, 1) : given(node, 0)), ...given(node, 3)],
    scores: given(node, 10),
    products: [],
    isCausal: intAttribute(node, 'causal') !== 0,
    map: {
      kind: 'built',
      build: (to) => {
        const attributes = {
          ...attributesOf(node, (name) => name !== 'sliding_window_cache'),
          qk_output: { kind: 'int', value: AFTER_SOFTMAX },
        } as const;
        const twin = { opType, domain, inputs, attributes };
        const [, , , probabilities = ''] = to.addNode(twin, [true, true, true, true]);
        return probabilities;
      },
    },
    ...(dtype === undefined ? {} : { dtype }),
  };
};
