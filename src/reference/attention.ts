import type { ForwardContext } from './forwardContext';
import type { MatrixKernel } from './kernel/matrixKernel';
import type { Mask } from './masks';
import { transposed } from '../weights/transposed';
import { axis, rows } from './tensor';
import type { Tensor } from './tensor';

/**
 * The score of a key that a query may not see: the lowest float32, as in `transformers`, so that its
 * probability is 0, and a query that may see nothing attends to all keys alike.
 */
export const MASKED = -3.4028234663852886e38;

/** What attention takes besides queries, keys and values. */
export interface AttentionOptions {
  /** What scores are multiplied by: 1/√d_k in the paper. */
  scale: number;
  mask: Mask;
  /** Added to the scores of every sequence: relative positions, [heads, queries, keys]. */
  bias?: Tensor;
}

/**
 * Scaled dot-product attention, softmax(QKᵀ/√d_k) V: Vaswani et al., "Attention Is All You Need"
 * (2017), section 3.2.1 and Figure 2 (left), whose boxes are, bottom up: MatMul, Scale and Mask
 * ({@link attentionScores}), SoftMax ({@link softmax}), MatMul ({@link weightedValues}).
 *
 * Points: `hook_attn_scores` and `hook_pattern` [batch, heads, queries, keys]; `hook_z`, the result.
 *
 * @param q [batch, queries, heads, d_head]
 * @param k [batch, keys, key–value heads, d_head]
 * @param v [batch, keys, key–value heads, d_head]
 * @returns z [batch, queries, heads, d_head]
 */
export function scaledDotProductAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions,
  { kernel, hooks }: ForwardContext,
): Tensor {
  const scores = hooks.at('hook_attn_scores', attentionScores(q, k, options, kernel));
  const pattern = hooks.at('hook_pattern', softmax(scores));
  return hooks.at('hook_z', weightedValues(pattern, v, kernel));
}

/**
 * How well each query goes with each key: their dot product, scaled, plus the bias, with keys that may
 * not be seen masked.
 *
 * Several heads may share a key–value head: one for all is multi-query attention (Shazeer, "Fast
 * Transformer Decoding: One Write-Head is All You Need", 2019), some is grouped-query attention
 * (Ainslie et al., "GQA", 2023, section 2.2).
 *
 * @returns [batch, heads, queries, keys]
 */
export function attentionScores(
  q: Tensor,
  k: Tensor,
  { scale, mask, bias }: AttentionOptions,
  kernel: MatrixKernel,
): Tensor {
  const [batches, queries, heads, size] = [axis(q, 0), axis(q, 1), axis(q, 2), axis(q, 3)];
  const keys = axis(k, 1);
  const sharing = heads / axis(k, 2);
  const map = queries * keys;
  const data = new Float32Array(batches * heads * map);
  for (let batch = 0; batch < batches; batch++) {
    for (let head = 0; head < heads; head++) {
      const products = kernel.product(
        headMatrix(q, batch, head),
        headMatrix(k, batch, Math.floor(head / sharing)),
        queries,
        size,
        keys,
      );
      const start = (batch * heads + head) * map;
      for (let i = 0; i < map; i++) {
        const isAllowed = mask.allowed[batch * map + i] === 1;
        const score = (products[i] ?? 0) * scale + (bias?.data[head * map + i] ?? 0);
        data[start + i] = isAllowed ? score : MASKED;
      }
    }
  }
  return { dims: [batches, heads, queries, keys], data };
}

/**
 * Exponentials over their sum, in each row: numbers from 0 to 1 that sum to 1. The largest of the row
 * is taken from all first, which changes nothing but keeps the exponentials from overflowing.
 */
export function softmax(x: Tensor): Tensor {
  const data = Float32Array.from(x.data);
  for (const row of rows({ dims: x.dims, data })) {
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let total = 0;
    row.forEach((score, i) => {
      const exponential = Math.exp(score - largest);
      row[i] = exponential;
      total += exponential;
    });
    row.forEach((exponential, i) => {
      row[i] = exponential / total;
    });
  }
  return { dims: x.dims, data };
}

/**
 * The mean of the values, weighted by how much each query attends to each key.
 * @param pattern [batch, heads, queries, keys]
 * @param v [batch, keys, key–value heads, d_head]
 * @returns [batch, queries, heads, d_head]
 */
export function weightedValues(pattern: Tensor, v: Tensor, kernel: MatrixKernel): Tensor {
  const [batches, heads] = [axis(pattern, 0), axis(pattern, 1)];
  const [queries, keys] = [axis(pattern, 2), axis(pattern, 3)];
  const size = axis(v, 3);
  const sharing = heads / axis(v, 2);
  const map = queries * keys;
  const data = new Float32Array(batches * queries * heads * size);
  for (let batch = 0; batch < batches; batch++) {
    for (let head = 0; head < heads; head++) {
      const start = (batch * heads + head) * map;
      const z = kernel.product(
        pattern.data.subarray(start, start + map),
        transposed(headMatrix(v, batch, Math.floor(head / sharing)), keys, size),
        queries,
        keys,
        size,
      );
      for (let query = 0; query < queries; query++) {
        const row = z.subarray(query * size, (query + 1) * size);
        data.set(row, ((batch * queries + query) * heads + head) * size);
      }
    }
  }
  return { dims: [batches, queries, heads, size], data };
}

/** The rows of one head of one sequence, [tokens, d_head], of a tensor [batch, tokens, heads, d_head]. */
export function headMatrix(x: Tensor, batch: number, head: number): Float32Array {
  const [tokens, heads, size] = [axis(x, 1), axis(x, 2), axis(x, 3)];
  const matrix = new Float32Array(tokens * size);
  for (let token = 0; token < tokens; token++) {
    const start = ((batch * tokens + token) * heads + head) * size;
    matrix.set(x.data.subarray(start, start + size), token * size);
  }
  return matrix;
}
