import type { RowAlignment } from '../shared/attention';

/**
 * Which token of the result each row of a cross-attention head is about. At position i a decoder has read
 * token i and is about to write token i + 1: most heads align the token written next, some the token read.
 *
 * The mean of the last layer's heads aligns the next token. A head is about its own token if
 * its rows overlap more with the rows of that mean one step earlier than with those of the same step:
 * mean Σₖ min(P[i], M[i − 1]) against mean Σₖ min(P[i], M[i]), both over i ≥ 1. The row of
 * a result of one token is about its own token.
 *
 * @param map of the head, and `mean` of the last layer: [query][key], of the same size.
 */
export function rowAlignment(
  map: Float32Array,
  mean: Float32Array,
  queries: number,
  keys: number,
): RowAlignment {
  if (queries < 2) {
    return 'own';
  }
  let own = 0;
  let next = 0;
  for (let at = keys; at < queries * keys; at++) {
    const probability = map[at] ?? 0;
    own += Math.min(probability, mean[at - keys] ?? 0);
    next += Math.min(probability, mean[at] ?? 0);
  }
  return own > next ? 'own' : 'next';
}
