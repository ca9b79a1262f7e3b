import { scaledDotProductAttention, headMatrix } from './attention';
import type { AttentionOptions } from './attention';
import { wholeSequence } from './forwardContext';
import type { ForwardContext } from './forwardContext';
import { linear, addBias } from './linear';
import type { AttentionParameters } from './parameters';
import { applyRotary } from './positions/rotary';
import type { RotaryShape } from './positions/rotary';
import { axis, reshape } from './tensor';
import type { Tensor } from './tensor';

/** Sizes of the attention of a layer. */
export interface AttentionShape {
  /** h in the paper. */
  heads: number;
  /** Heads with keys and values of their own: fewer where several heads share them. */
  keyValueHeads: number;
  /** d_k = d_v in the paper. */
  headSize: number;
  /** What scores are multiplied by: 1/√d_k in the paper. */
  scale: number;
  /** Which of the linear layers have a bias. */
  biases: { queriesKeysValues: boolean; output: boolean };
}

/** The paper's: every head has keys and values of its own, and scores are divided by √d_k. */
export function multiHeadShape(heads: number, headSize: number): AttentionShape {
  return {
    heads,
    keyValueHeads: heads,
    headSize,
    scale: 1 / Math.sqrt(headSize),
    biases: { queriesKeysValues: true, output: true },
  };
}

/** What the attention of a layer takes besides its input. */
export interface MultiHeadOptions extends Omit<AttentionOptions, 'scale'> {
  /** Turns queries and keys by their positions. */
  rotary?: RotaryShape;
}

/**
 * Multi-head attention: Concat(head₁, …, head_h) W^O, head_i = Attention(Q W_i^Q, K W_i^K, V W_i^V):
 * "Attention Is All You Need" (2017), section 3.2.2 and Figure 2 (right), whose boxes are, bottom up:
 * Linear (three), Scaled Dot-Product Attention, Concat, Linear. The matrices of all heads lie one
 * below the other in one weight, so that splitting into heads and concatenating moves no number.
 *
 * Points: `hook_q` [batch, queries, heads, d_head], `hook_k` and `hook_v` [batch, keys, key–value
 * heads, d_head]; `hook_rot_q` and `hook_rot_k` where they are turned; those of
 * {@link scaledDotProductAttention}; `hook_result`, what each head adds to the output [batch, queries,
 * heads, d_model], computed only if it is asked for.
 *
 * @param x where queries come from [batch, queries, d_model]
 * @param keySource where keys and values come from: x itself in self-attention, and the output of the
 *   encoder in cross attention (section 3.2.3) [batch, keys, d_model]
 * @returns [batch, queries, d_model]
 */
export function multiHeadAttention(
  x: Tensor,
  keySource: Tensor,
  weights: AttentionParameters<Float32Array>,
  shape: AttentionShape,
  { rotary, ...options }: MultiHeadOptions,
  context: ForwardContext,
): Tensor {
  const { hooks } = context;
  const ofKeys = keySource === x ? context : wholeSequence(context);
  const { heads, keyValueHeads, scale } = shape;
  let q = hooks.at('hook_q', split(linear(x, weights.query, context), heads));
  let k = hooks.at('hook_k', split(linear(keySource, weights.key, ofKeys), keyValueHeads));
  const v = hooks.at('hook_v', split(linear(keySource, weights.value, ofKeys), keyValueHeads));
  if (rotary !== undefined) {
    q = hooks.at('hook_rot_q', applyRotary(q, rotary));
    k = hooks.at('hook_rot_k', applyRotary(k, rotary));
  }
  const z = scaledDotProductAttention(q, k, v, { scale, ...options }, context);
  if (hooks.isReplaced('hook_result')) {
    const output = summed(hooks.at('hook_result', headResults(z, weights, context)));
    return weights.output.bias === undefined ? output : addBias(output, weights.output.bias);
  }
  if (hooks.isRecorded('hook_result')) {
    hooks.at('hook_result', headResults(z, weights, context));
  }
  return linear(concatenated(z), weights.output, context);
}

/** [batch, tokens, heads · d_head] → [batch, tokens, heads, d_head] */
function split(x: Tensor, heads: number): Tensor {
  return reshape(x, [axis(x, 0), axis(x, 1), heads, axis(x, 2) / heads]);
}

/** [batch, tokens, heads, d_head] → [batch, tokens, heads · d_head] */
function concatenated(z: Tensor): Tensor {
  return reshape(z, [axis(z, 0), axis(z, 1), axis(z, 2) * axis(z, 3)]);
}

/**
 * What each head adds to the output: its z times its columns of W^O. Elhage et al., "A Mathematical
 * Framework for Transformer Circuits" (2021), "Attention Heads are Independent and Additive".
 * @param z [batch, queries, heads, d_head]
 * @returns [batch, queries, heads, d_model]
 */
function headResults(
  z: Tensor,
  { output }: AttentionParameters<Float32Array>,
  { kernel }: ForwardContext,
): Tensor {
  const [batches, queries, heads, size] = [axis(z, 0), axis(z, 1), axis(z, 2), axis(z, 3)];
  const width = output.weight.length / (heads * size);
  const outputs: Tensor = { dims: [1, width, heads, size], data: output.weight };
  const data = new Float32Array(batches * queries * heads * width);
  for (let head = 0; head < heads; head++) {
    const weight = headMatrix(outputs, 0, head);
    for (let batch = 0; batch < batches; batch++) {
      const result = kernel.product(headMatrix(z, batch, head), weight, queries, size, width);
      for (let query = 0; query < queries; query++) {
        const row = result.subarray(query * width, (query + 1) * width);
        data.set(row, ((batch * queries + query) * heads + head) * width);
      }
    }
  }
  return { dims: [batches, queries, heads, width], data };
}

/** The sum over heads: [batch, queries, heads, d_model] → [batch, queries, d_model] */
function summed(results: Tensor): Tensor {
  const [heads, width] = [axis(results, 2), axis(results, 3)];
  const data = new Float32Array(results.data.length / heads);
  results.data.forEach((value, i) => {
    const position = Math.floor(i / (heads * width));
    const at = position * width + (i % width);
    data[at] = (data[at] ?? 0) + value;
  });
  return { dims: [axis(results, 0), axis(results, 1), width], data };
}
