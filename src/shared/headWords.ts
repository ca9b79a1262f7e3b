import type { HeadOrMean, HeadReading, RowReading } from './attention';
import { phrase, type Phrase } from './failure';

/** What the mean of a layer's heads is, as a sentence. */
export function meanWords(): Phrase {
  return phrase('Mean of all heads of this layer: where they look together.');
}

/** Which tokens of the result the rows of cross attention are about, as a sentence. */
export function rowWords(rows: RowReading, head: HeadOrMean): Phrase {
  if (head === 'mean') {
    return rows === 'next'
      ? phrase('Shown for each token of the result: where they look before the token is written.')
      : phrase('Shown for each token of the result: where they look once the token is read.');
  }
  return rows === 'next'
    ? phrase(
        'Shown for each token of the result: where the head looks before the token is written.',
      )
    : phrase('Shown for each token of the result: where the head looks once the token is read.');
}

/** What a head does on a text, as a sentence that names the figure it rests on. */
export function headWords({ kind, figure }: HeadReading): Phrase {
  const percent = Math.round(figure * 100);
  switch (kind) {
    case 'previousToken':
      return phrase(
        'Previous-token head: {0}% of its attention goes to the token before.',
        percent,
      );
    case 'nextToken':
      return phrase('Next-token head: {0}% of its attention goes to the token after.', percent);
    case 'firstToken':
      return phrase('First-token head: {0}% of its attention rests on the first token.', percent);
    case 'self':
      return phrase('Same-place head: {0}% of its attention stays on the token itself.', percent);
    case 'sameToken':
      return phrase(
        'Same-token head: where the same token stands elsewhere, {0}% of its attention goes there.',
        percent,
      );
    case 'separator':
      return phrase(
        'Separator head: {0}% of its attention goes to punctuation and special tokens.',
        percent,
      );
    case 'positional':
      return phrase(
        'Positional head: the distance alone foretells {0}% of its attention.',
        percent,
      );
    case 'broad':
      return phrase('Broad head: its attention is spread {0}% as evenly as can be.', percent);
    case 'aligning':
      return phrase(
        'Aligning head: each token of the result has places of its own in the source ({0}% of what is possible).',
        percent,
      );
    case 'mixed':
      return phrase(
        'No simple pattern: none that Headlight knows takes more than {0}% of its attention.',
        percent,
      );
  }
}
