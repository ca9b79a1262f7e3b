import type { Prediction } from '../shared/attention';
import type { NamedToken } from '../shared/text';

/** The inputs of a graph that rates the tokens of a text chunk by chunk. */
export interface RatingPlan {
  chunks: number;
  /** Tokens of a chunk; the last chunk may extend beyond the text. */
  tokens: number;
  /** [chunks × tokens]: indices of the tokens. */
  numbers: BigInt64Array;
  /** [chunks × tokens]: the id of the token behind each one; 0 where there is none. */
  next: BigInt64Array;
}

/** The assumed size of an unknown vocabulary: that of GPT-2. */
const DEFAULT_VOCABULARY = 50_257;

/** Bytes of the logits of a chunk; see `reductionPlan`. */
const CHUNK_BYTES = 2 * 2 ** 20;

/** Plans the rating of a text's tokens. */
export function planRatings(
  ids: readonly number[],
  vocabulary = DEFAULT_VOCABULARY,
  chunkBytes = CHUNK_BYTES,
): RatingPlan {
  const most = Math.floor(chunkBytes / (vocabulary * Float32Array.BYTES_PER_ELEMENT));
  const tokens = Math.max(1, Math.min(most, ids.length));
  const chunks = Math.max(1, Math.ceil(ids.length / tokens));
  const all = Array.from({ length: chunks * tokens }, (_, token) => token);
  return {
    chunks,
    tokens,
    numbers: BigInt64Array.from(all, BigInt),
    next: BigInt64Array.from(all, (token) => BigInt(ids[token + 1] ?? 0)),
  };
}

/**
 * How the model rated each token of a text, given what precedes it. The first token has no rating.
 * @param ratings [token][numbers]: of the next token, its probability and how many have larger
 *   logits; then the ids of the likeliest tokens, and their probabilities. Further rows
 *   are ignored.
 * @param numbers 2 + 2 × how many likeliest tokens there are.
 * @param tokens of the text.
 * @param nameOf how a token reads.
 */
export function predictions(
  ratings: Float32Array,
  numbers: number,
  tokens: number,
  nameOf: (id: number) => NamedToken,
): (Prediction | undefined)[] {
  const likeliest = (numbers - 2) / 2;
  return Array.from({ length: tokens }, (_, token): Prediction | undefined => {
    if (token === 0) {
      return undefined;
    }
    const row = ratings.subarray((token - 1) * numbers, token * numbers);
    const [probability = NaN, larger = NaN] = row;
    return {
      probability,
      rank: 1 + larger,
      best: Array.from({ length: likeliest }, (_, place) => ({
        ...nameOf(row[2 + place] as number),
        probability: row[2 + likeliest + place] as number,
      })),
    };
  });
}
