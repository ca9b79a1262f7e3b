import type { TokenRatings } from '../../onnx/instrument/nextTokenStatistics';
import { planRatings } from '../../trace/tokenRatings';
import type { Tensor } from '../runtime/tensor';

/**
 * The inputs that say which tokens are rated; a graph with ratings takes them in every run.
 * @param ids of the tokens that a decoder reads; with none, one row of logits is looked at.
 */
export function ratingFeeds(
  { tokens, next, vocabulary }: TokenRatings,
  ids: readonly number[],
): [string, Tensor][] {
  const plan = planRatings(ids, vocabulary);
  return [
    [tokens, { type: 'int64', data: plan.numbers, dims: [plan.chunks, plan.tokens] }],
    [next, { type: 'int64', data: plan.next, dims: [plan.chunks, 1, plan.tokens, 1] }],
  ];
}
