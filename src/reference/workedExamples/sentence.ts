import { rows } from '../tensor';
import type { Tensor } from '../tensor';

/** The sentence of the worked examples. */
export const TOKENS = ['The', 'cat', 'sat', 'on', 'the', 'mat'] as const;

/** d_model of the worked examples, which is also the width of their one head. */
export const WIDTH = 4;

/** Vectors chosen by hand, so that words that have to do with each other point the same way. */
const EMBEDDINGS: Readonly<Record<string, readonly number[]>> = {
  the: [1, 0, 0, 0.2],
  cat: [0.2, 1, 0.4, 0],
  sat: [0, 0.5, 1, 0.3],
  on: [0.4, 0, 0.3, 1],
  mat: [0.2, 0.6, 0, 0.8],
};

/**
 * The embedding of each token, [6, 4]. "The" and "the" have one: what attention makes of them is the
 * same as well, until positions tell them apart.
 */
export function sentenceEmbeddings(): Tensor {
  const data = Float32Array.from(TOKENS.flatMap((token) => EMBEDDINGS[token.toLowerCase()] ?? []));
  return { dims: [TOKENS.length, WIDTH], data };
}

/** The rows of a matrix as lists. */
export function listOfRows(matrix: Tensor): number[][] {
  return [...rows(matrix)].map((row) => [...row]);
}
