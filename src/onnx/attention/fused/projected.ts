import { intAttribute, intsAttribute } from '../../graph/attributes';
import type { Attention } from '../attention';
import type { GraphBuilder } from '../../graph/graphBuilder';
import type { Node } from '../../graph/model';
import { maskOfKeys } from './keyMask';
import { multiHeadMap } from './multiHead';
import { attributesOf, notOnCpu, type FusedPlace, type FusedReader } from './operator';

/** What `MultiHeadAttention` is told as the operator is. */
const SHARED_ATTRIBUTES: ReadonlySet<string> = new Set([
  'num_heads',
  'scale',
  'mask_filter_value',
  'unidirectional',
]);

/** Settings that ONNX Runtime's CPU refuses or passes over. */
const GPU_SETTINGS = ['do_rotary', 'past_present_share_buffer'] as const;

/** The first version with the operators that are added. */
const FIRST_OPSET = 11;

/**
 * `com.microsoft.Attention` (ONNX Runtime, "Contrib Operators"): the projections of queries, keys
 * and values, stacked in one weight, and attention to the same tokens.
 *
 * Inputs: input [batch, tokens, any], weights [any, 2 · hidden + that of values], bias, mask_index,
 * past [2, batch, heads, tokens, size], attention_bias.
 */
export const projectedAttention: FusedReader = (node, place) => {
  const [input = '', weights = '', bias = '', mask = '', past = '', scoreBias = ''] = node.inputs;
  if (bias === '') {
    // Allowed by the schema; but ONNX Runtime 1.30 crashes on it.
    throw notOnCpu(node, 'no bias', place.where);
  }
  return projected(node, place, { input, weights, mask, past, scoreBias }, (to) =>
    to.add('Add', [to.add('MatMul', [input, weights]), bias]),
  );
};

/**
 * `com.microsoft.QAttention` (ONNX Runtime, "Contrib Operators"): the same with input and weights
 * as 8-bit numbers.
 *
 * Inputs: input, weight, bias, input_scale, weight_scale, mask_index, input_zero_point,
 * weight_zero_point, past.
 */
export const quantizedAttention: FusedReader = (node, place) => {
  const [input = '', weights = '', bias = '', scale = '', weightScale = '', mask = ''] =
    node.inputs;
  const [zeroPoint = '', weightZeroPoint = '', past = ''] = node.inputs.slice(6);
  return projected(node, place, { input, weights, mask, past, scoreBias: '' }, (to) => {
    const inputs = [input, weights, scale, weightScale, zeroPoint, weightZeroPoint, bias];
    const product = { opType: 'MatMulIntegerToFloat', domain: 'com.microsoft', inputs };
    const [stacked = ''] = to.addNode(product, [true]);
    return stacked;
  });
};

/** The inputs that both operators have; empty where one is left out. */
interface Inputs {
  input: string;
  weights: string;
  mask: string;
  past: string;
  scoreBias: string;
}

/**
 * Neither operator gives anything out, but ONNX Runtime runs them and `MultiHeadAttention` by the
 * same code once Q and K are there; so these are projected again and handed to that one. It wants
 * values too, for which the keys stand, since nothing depends on its result.
 *
 * @param stack adds the projection: queries, keys and more, stacked along the last axis.
 */
function projected(
  node: Node,
  { flow, opset, where }: FusedPlace,
  { input, weights, mask, past, scoreBias }: Inputs,
  stack: (to: GraphBuilder) => string,
): Attention {
  const setting = GPU_SETTINGS.find((name) => (intAttribute(node, name) ?? 0) !== 0);
  if (setting !== undefined) {
    throw notOnCpu(node, setting, where);
  }
  const hidden = hiddenSize(node, flow.shape(weights)?.[1]);
  if (hidden === undefined || opset < FIRST_OPSET) {
    throw notOnCpu(node, hidden === undefined ? 'computed weights' : `opset ${opset}`, where);
  }
  return {
    node,
    queries: [input],
    keys: past === '' ? [input] : [input, past],
    scores: [mask, scoreBias].filter((value) => value !== ''),
    products: [],
    isCausal: intAttribute(node, 'unidirectional') === 1,
    map: {
      kind: 'built',
      build: (to) => {
        const stacked = stack(to);
        const [queries, keys] = [part(to, stacked, 0, hidden), part(to, stacked, hidden, hidden)];
        const pastKeys = past === '' ? '' : to.add('Gather', [past, to.integer(0)]);
        const keyMask = maskOfKeys(to, mask, flow.shape(mask), queries, pastKeys);
        return multiHeadMap(
          to,
          [queries, keys, keys, '', keyMask, scoreBias, pastKeys, pastKeys],
          attributesOf(node, (name) => SHARED_ATTRIBUTES.has(name)),
        );
      },
    },
    dtype: 'float32',
  };
}

/** What all heads of queries have together, and those of keys: the same. */
function hiddenSize(node: Node, columns: number | string | null | undefined) {
  const sizes = intsAttribute(node, 'qkv_hidden_sizes');
  if (sizes !== undefined) {
    return sizes[0];
  }
  return typeof columns === 'number' && columns % 3 === 0 ? columns / 3 : undefined;
}

/** Adds a `Slice` of the last axis, [batch, tokens, size]. */
function part(to: GraphBuilder, stacked: string, start: number, size: number): string {
  const [from, end, axis] = [start, start + size, 2].map((number) => to.integers([number]));
  return to.add('Slice', [stacked, from ?? '', end ?? '', axis ?? '']);
}
