import { attentionScores, softmax, weightedValues } from '../attention';
import { plainKernel } from '../kernel/plainKernel';
import { paddingMask } from '../masks';
import { reshape, scale } from '../tensor';
import type { Tensor } from '../tensor';
import { TOKENS, WIDTH, listOfRows, sentenceEmbeddings } from './sentence';

/** One token's way through attention: a row of each matrix. */
export interface AttentionRow {
  token: string;
  /** Its query, which here is also its key and its value. */
  vector: number[];
  /** The dot product of its query with each key: a row of QKᵀ. */
  scores: number[];
  /** The scores, divided by √d_k. */
  scaled: number[];
  /** The softmax of these: how much it attends to each token. They sum to 1. */
  pattern: number[];
  /** The values, weighted by the pattern and summed. */
  output: number[];
}

/** Attention step by step. */
export interface AttentionExample {
  tokens: readonly string[];
  /** √d_k */
  divisor: number;
  rows: AttentionRow[];
}

/**
 * Scaled dot-product attention over "The cat sat on the mat", with d_k = 4 and one matrix for queries,
 * keys and values: "Attention Is All You Need" (2017), section 3.2.1, equation 1, row by row.
 * @param matrix [6, 4]; absent: the embeddings of the sentence
 */
export function attentionExample(matrix: Tensor = sentenceEmbeddings()): AttentionExample {
  const count = TOKENS.length;
  const x = reshape(matrix, [1, count, 1, WIDTH]);
  const divisor = Math.sqrt(WIDTH);
  const mask = paddingMask([TOKENS.map(() => 1)], count);

  const scores = attentionScores(x, x, { scale: 1, mask }, plainKernel);
  const divided = scale(scores, 1 / divisor);
  const pattern = softmax(divided);
  const output = weightedValues(pattern, x, plainKernel);

  const list = {
    vector: listOfRows(matrix),
    scores: listOfRows(scores),
    scaled: listOfRows(divided),
    pattern: listOfRows(pattern),
    output: listOfRows(output),
  };
  return {
    tokens: TOKENS,
    divisor,
    rows: TOKENS.map((token, i) => ({
      token,
      vector: list.vector[i] ?? [],
      scores: list.scores[i] ?? [],
      scaled: list.scaled[i] ?? [],
      pattern: list.pattern[i] ?? [],
      output: list.output[i] ?? [],
    })),
  };
}
