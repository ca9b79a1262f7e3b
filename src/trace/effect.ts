import type { Effect } from '../shared/referenceRun';
import type { NamedToken } from '../shared/text';
import { logSumExp, mostLikely } from './logits';

/** How many of the likeliest tokens are compared, before and after. */
const LIKELIEST = 5;

/**
 * What a change inside a model does to its distributions over the vocabulary.
 *
 * @param before logits [position][vocabulary] of the model as it is.
 * @param after the same of the changed model.
 * @param ids the text's tokens.
 * @param rated where a token's probability stands: at the position `before` it, as in a decoder, or
 *   at its `own`, as in an encoder.
 * @param nameOf how a token reads.
 */
export function effectOf(
  before: Float32Array,
  after: Float32Array,
  ids: readonly number[],
  rated: 'before' | 'own',
  nameOf: (id: number) => NamedToken,
): Effect {
  const vocabulary = before.length / ids.length;
  const rowsOf = (logits: Float32Array): Float32Array[] =>
    ids.map((_, position) =>
      logProbabilities(logits.subarray(position * vocabulary, (position + 1) * vocabulary)),
    );
  const [rowsBefore, rowsAfter] = [rowsOf(before), rowsOf(after)];
  const shift = rated === 'before' ? 1 : 0;
  const tokens = ids.slice(shift).map((id, position) => ({
    token: position + shift,
    before: Math.exp(rowsBefore[position]?.[id] ?? NaN),
    after: Math.exp(rowsAfter[position]?.[id] ?? NaN),
  }));
  const logChanges = ids
    .slice(shift)
    .map(
      (id, position) => (rowsAfter[position]?.[id] ?? NaN) - (rowsBefore[position]?.[id] ?? NaN),
    );
  const divergences = rowsBefore.map((row, i) => divergence(row, rowsAfter[i] ?? row));
  const position =
    rated === 'before' ? ids.length - 1 : divergences.indexOf(Math.max(...divergences));
  return {
    tokens,
    meanLogChange: mean(logChanges),
    divergence: mean(divergences),
    position,
    top: likeliest(rowsBefore[position], rowsAfter[position], nameOf),
  };
}

function logProbabilities(logits: Float32Array): Float32Array {
  const total = logSumExp(logits);
  return logits.map((logit) => logit - total);
}

/** Kullback–Leibler divergence Σ p (ln p − ln q) of log-probabilities, in nats. */
function divergence(p: Float32Array, q: Float32Array): number {
  let sum = 0;
  p.forEach((log, id) => {
    sum += Math.exp(log) * (log - (q[id] ?? NaN));
  });
  return Math.max(0, sum);
}

function likeliest(
  before: Float32Array = new Float32Array(0),
  after: Float32Array = before,
  nameOf: (id: number) => NamedToken,
): Effect['top'] {
  const ids = new Set([...mostLikely(before, LIKELIEST), ...mostLikely(after, LIKELIEST)]);
  return Array.from(ids, (id) => ({
    id,
    ...nameOf(id),
    before: Math.exp(before[id] ?? NaN),
    after: Math.exp(after[id] ?? NaN),
  })).sort((one, other) => change(other) - change(one));
}

function change({ before, after }: { before: number; after: number }): number {
  return Math.abs(after - before);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
