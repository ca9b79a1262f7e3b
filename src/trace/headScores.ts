import type { HeadScores, ScoredKind } from '../shared/attention';

/** Where the two copies of random tokens stand in a sequence. */
export interface RepeatedTokens {
  /** Index of the first token of the first copy. */
  start: number;
  /** Tokens of a copy. */
  length: number;
}

/**
 * What one head does on random tokens that come twice: means over the tokens of the second copy, as in
 * Olsson et al., 2022, "In-context Learning and Induction Heads", and in TransformerLens, whose
 * induction score is the mean of the same diagonal.
 * @param map [query][key], of a sequence of `tokens` tokens.
 */
export function headScores(
  map: Float32Array,
  tokens: number,
  { start, length }: RepeatedTokens,
): HeadScores {
  const mean = (offset: number): number => {
    let sum = 0;
    for (let query = start + length; query < start + 2 * length; query++) {
      sum += map[query * tokens + query + offset] ?? 0;
    }
    return sum / length;
  };
  return { induction: mean(1 - length), duplicateToken: mean(-length), previousToken: mean(-1) };
}

/** The score that a kind begins at. */
export const SCORE_LIMIT = 0.4;

/**
 * What a head is by its scores, if anything. An induction head may look at the same token or the one
 * before, too: that it finds what followed last time is what sets it apart.
 */
export function scoredKind(scores: HeadScores): ScoredKind | undefined {
  const { induction, duplicateToken, previousToken } = scores;
  if (induction >= SCORE_LIMIT) {
    return 'induction';
  }
  if (Math.max(duplicateToken, previousToken) < SCORE_LIMIT) {
    return undefined;
  }
  return duplicateToken >= previousToken ? 'duplicateToken' : 'previousToken';
}

/** What each score is of a head whose queries attend to all keys alike that they see. */
export function chanceScore(
  tokens: number,
  { start, length }: RepeatedTokens,
  isMasked: boolean,
): number {
  const rows = Array.from({ length }, (_, row) => (isMasked ? start + length + row + 1 : tokens));
  return rows.reduce((sum, visible) => sum + 1 / visible / length, 0);
}
