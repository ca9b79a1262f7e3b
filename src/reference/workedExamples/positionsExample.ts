import { sinusoidalPositions } from '../positions/sinusoidal';
import { add } from '../tensor';
import { TOKENS, WIDTH, listOfRows, sentenceEmbeddings } from './sentence';

/** One token with its position. */
export interface PositionRow {
  token: string;
  position: number;
  embedding: number[];
  /** sin(pos), cos(pos), sin(pos/100), cos(pos/100) */
  encoding: number[];
  /** Their sum, which is what the first layer reads. */
  sum: number[];
}

/**
 * Sinusoidal positions with d_model = 4 added to the embeddings of "The cat sat on the mat":
 * "Attention Is All You Need" (2017), section 3.5. "The" and "the" differ from here on.
 */
export function positionsExample(): PositionRow[] {
  const embeddings = sentenceEmbeddings();
  const encodings = sinusoidalPositions(
    TOKENS.map((_, position) => position),
    WIDTH,
  );
  const list = {
    embedding: listOfRows(embeddings),
    encoding: listOfRows(encodings),
    sum: listOfRows(add(embeddings, encodings)),
  };
  return TOKENS.map((token, position) => ({
    token,
    position,
    embedding: list.embedding[position] ?? [],
    encoding: list.encoding[position] ?? [],
    sum: list.sum[position] ?? [],
  }));
}
