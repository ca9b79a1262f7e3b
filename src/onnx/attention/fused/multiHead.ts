import { intAttribute } from '../../graph/attributes';
import type { GraphBuilder, NewAttribute } from '../../graph/graphBuilder';
import { attributesOf, given, notOnCpu, type FusedReader } from './operator';

/** The inputs of `com.microsoft.MultiHeadAttention` by their numbers. */
const INPUT = { query: 0, key: 1, mask: 4, bias: 5, pastKey: 6, beams: 9 } as const;

/** The last axis of scores; so written it means the same in all versions of Softmax. */
const KEYS_AXIS = 3;

/**
 * `com.microsoft.MultiHeadAttention` (ONNX Runtime, "Contrib Operators"): attention to the same or
 * to other tokens, the projections before it apart from their biases.
 *
 * Inputs: query, key, value, bias, key_padding_mask, attention_bias, past_key, past_value, … Keys
 * may come as [batch, tokens, hidden] or, from an earlier step, as [batch, heads, tokens, size].
 */
export const multiHead: FusedReader = (node, { where }) => {
  const [key = ''] = given(node, INPUT.key);
  if (given(node, INPUT.beams).length > 0) {
    throw notOnCpu(node, 'cache_indirection', where);
  }
  return {
    node,
    queries: given(node, INPUT.query),
    keys: [...(key === '' ? given(node, INPUT.query) : [key]), ...given(node, INPUT.pastKey)],
    scores: given(node, INPUT.mask, INPUT.bias),
    products: [],
    isCausal: intAttribute(node, 'unidirectional') === 1,
    map: {
      kind: 'built',
      build: (to) => multiHeadMap(to, node.inputs, attributesOf(node)),
    },
    dtype: 'float32',
  };
};

/**
 * Adds a `MultiHeadAttention` for its fourth output, Q·Kᵀ with scale, masks and biases, and the
 * Softmax over it. ONNX Runtime's CPU computes it in single precision whatever the model's is, and
 * leaves earlier keys out unless it is asked for the present ones too.
 *
 * @param inputs those of the operator, in its order.
 * @returns the name of the probabilities, float32 [batch, heads, queries, keys].
 */
export function multiHeadMap(
  to: GraphBuilder,
  inputs: readonly string[],
  attributes: Readonly<Record<string, NewAttribute>>,
): string {
  const hasPast = (inputs[INPUT.pastKey] ?? '') !== '';
  const twin = { opType: 'MultiHeadAttention', domain: 'com.microsoft', inputs, attributes };
  const [, , , scores = ''] = to.addNode(twin, [true, hasPast, hasPast, true]);
  return softmaxOf(to, scores);
}

/** Adds a Softmax over scores that an operator gives out, whose type ONNX Runtime cannot infer. */
export function softmaxOf(to: GraphBuilder, scores: string): string {
  to.describe(scores, 'float32');
  return to.add('Softmax', [scores], { axis: { kind: 'int', value: KEYS_AXIS } });
}
