/**
 * The number of a token's position:
 * - `place`: its place in the sequence, after `first`;
 * - `afterPadding`: how many tokens up to it are not the padding token, counted from the padding
 *   token's id, which is also the number of padding (fairseq, RoBERTa, M2M100).
 */
export type PositionNumbering =
  { kind: 'place'; first: number } | { kind: 'afterPadding'; paddingId: number };

/** The number of each token's position in a sequence of ids. */
export function positionNumbers(ids: readonly number[], numbering: PositionNumbering): number[] {
  if (numbering.kind === 'place') {
    return ids.map((_, place) => numbering.first + place);
  }
  const { paddingId } = numbering;
  let count = 0;
  return ids.map((id) => paddingId + (id === paddingId ? 0 : ++count));
}
