import type { MeasuredScores } from '../../shared/attention';
import { phrase, type Phrase } from '../../shared/failure';
import { headPercent } from './headPercent';

/**
 * What a head does on repeated random tokens, and whether that makes it an induction head, in a sentence or
 * two.
 * @param scores undefined where the model sees too few tokens at once.
 */
export function scoreWords(scores: MeasuredScores | undefined): Phrase {
  if (scores === undefined) {
    return phrase('This model sees too few tokens at once for a measurement on repeated ones.');
  }
  const { kind, chance, limit } = scores;
  const induction = scorePercent(scores.induction, limit);
  const duplicateToken = scorePercent(scores.duplicateToken, limit);
  const previousToken = scorePercent(scores.previousToken, limit);
  const byChance = headPercent(chance);
  const from = headPercent(limit);
  switch (kind) {
    case 'induction':
      return phrase(
        'Induction head: on repeated random tokens, {0}% of its attention goes to the token that followed last time (by chance {1}%; the label begins at {2}%).',
        induction,
        byChance,
        from,
      );
    case 'duplicateToken':
      return phrase(
        'Duplicate-token head: on repeated random tokens, {0}% of its attention goes to the earlier place of the same token (by chance {1}%; the label begins at {2}%). It is no induction head here: {3}% goes to the token that followed last time.',
        duplicateToken,
        byChance,
        from,
        induction,
      );
    case 'previousToken':
      return phrase(
        'Previous-token head: on random tokens, {0}% of its attention goes to the token before (by chance {1}%; the label begins at {2}%). It is no induction head here: {3}% goes to the token that followed last time.',
        previousToken,
        byChance,
        from,
        induction,
      );
    default:
      return phrase(
        'No induction head here: on repeated random tokens, {0}% of its attention goes to the token that followed last time (by chance {1}%; the label begins at {2}%). Nor is it a duplicate-token head, with {3}% on the earlier place of the same token, or a previous-token head, with {4}% on the token before.',
        induction,
        byChance,
        from,
        duplicateToken,
        previousToken,
      );
  }
}

/** A score in percent. One that is too small for a label never reads as the figure that this begins at. */
function scorePercent(score: number, limit: number): string {
  const rounded = headPercent(score);
  return score < limit && rounded === headPercent(limit)
    ? (Math.min(score, limit - 0.001) * 100).toFixed(1)
    : rounded;
}
