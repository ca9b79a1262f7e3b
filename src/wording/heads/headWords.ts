import type {
  HeadOrMean,
  HeadDescription,
  LabelledHead,
  RowAlignment,
  TopTarget,
} from '../../shared/attention';
import { phrase, type Phrase } from '../../shared/failure';
import { headPercent as percent } from './headPercent';

/** What the mean of a layer's heads is, as a sentence. */
export function meanWords(): Phrase {
  return phrase(
    'Mean of all heads of this layer: the attention that each place gets, averaged over the heads.',
  );
}

/** Which tokens of the result the rows of cross attention are about, as a sentence. */
export function rowWords(rows: RowAlignment, head: HeadOrMean): Phrase {
  if (head === 'mean') {
    return rows === 'next'
      ? phrase(
          'Shown for each token of the result: where the heads look before the token is written.',
        )
      : phrase('Shown for each token of the result: where the heads look once the token is read.');
  }
  return rows === 'next'
    ? phrase(
        'Shown for each token of the result: where the head looks before the token is written.',
      )
    : phrase('Shown for each token of the result: where the head looks once the token is read.');
}

/**
 * What a head does on a text, as a sentence that names the figure it rests on, that of chance, and the one
 * that the label begins at: near to it, the label may be another one on nearly the same text.
 */
export function headWords(reading: HeadDescription): Phrase {
  switch (reading.kind) {
    case 'mixed':
      return targetWords(reading.targets);
    case 'tooShort':
      return phrase(
        'This text is too short to tell what the head does: {0} of its tokens can look at more than one token, and at least {1} are needed.',
        reading.queries,
        reading.needed,
      );
    default:
      return labelWords(reading);
  }
}

function labelWords({ kind, figure, chance, limit, queries }: LabelledHead): Phrase {
  const [share, byChance, from] = [percent(figure), percent(chance), percent(limit)];
  switch (kind) {
    case 'previousToken':
      return phrase(
        'Previous-token head: {0}% of its attention on this text goes to the token before (by chance {1}%; the label begins at {2}%).',
        share,
        byChance,
        from,
      );
    case 'nextToken':
      return phrase(
        'Next-token head: {0}% of its attention on this text goes to the token after (by chance {1}%; the label begins at {2}%).',
        share,
        byChance,
        from,
      );
    case 'attentionSink':
      return phrase(
        'Attention-sink head: {0}% of its attention on this text rests on the first token (by chance {1}%; the label begins at {2}%).',
        share,
        byChance,
        from,
      );
    case 'currentToken':
      return phrase(
        'Current-token head: {0}% of its attention on this text stays on the token itself (by chance {1}%; the label begins at {2}%).',
        share,
        byChance,
        from,
      );
    case 'duplicateToken':
      return phrase(
        'Duplicate-token head: where the same token stands elsewhere in this text ({3} of {4} tokens), {0}% of the attention goes there (by chance {1}%; the label begins at {2}%).',
        share,
        byChance,
        from,
        queries.counted,
        queries.all,
      );
    case 'separator':
      return phrase(
        'Separator head: {0}% of its attention on this text goes to punctuation and special tokens, the first token apart (by chance {1}%; the label begins at {2}%).',
        share,
        byChance,
        from,
      );
    case 'positional':
      return phrase(
        'Positional head: on this text {0}% of its attention lies where the distance between two tokens alone would put it (by chance {1}%; the label begins at {2}%).',
        share,
        byChance,
        from,
      );
    case 'broad':
      return phrase(
        'Broad head: on this text its attention is spread almost evenly over all tokens in sight: evenness {0}%, where 100% is the same for each (the label begins at {1}%).',
        share,
        from,
      );
    case 'aligning':
      return phrase(
        'Aligning head: on this text tokens that follow one another in the result look at places of the source that are near to each other: the steps are {0}% as long as in random order (the label begins at {1}% or less).',
        share,
        from,
      );
    case 'monotone':
      return phrase(
        'Monotone head: on this text the place in the source that it looks at most moves forward with the result (rank correlation {0}; by chance 0; the label begins at {1}). That alone does not make it the right place.',
        figure.toFixed(2),
        limit.toFixed(2),
      );
  }
}

/** What a head without a kind attends to most. */
function targetWords(targets: readonly TopTarget[]): Phrase {
  const [first, second, third] = targets.map(targetName);
  if (first === undefined) {
    return phrase('No token of this text gets much more of its attention than chance would give.');
  }
  if (second === undefined) {
    return phrase('Looks more than by chance at {0}, on average over this text.', first);
  }
  return third === undefined
    ? phrase('Looks more than by chance at {0} and {1}, on average over this text.', first, second)
    : phrase(
        'Looks more than by chance at {0}, {1} and {2}, on average over this text.',
        first,
        second,
        third,
      );
}

function targetName({ target, label = '', figure, chance }: TopTarget): Phrase {
  const [share, byChance] = [percent(figure), percent(chance)];
  switch (target) {
    case 'self':
      return phrase('the token itself ({0}%, by chance {1}%)', share, byChance);
    case 'previousToken':
      return phrase('the token before ({0}%, by chance {1}%)', share, byChance);
    case 'nextToken':
      return phrase('the token after ({0}%, by chance {1}%)', share, byChance);
    case 'firstToken':
      return phrase('the first token “{0}” ({1}%, by chance {2}%)', label, share, byChance);
    case 'token':
      return phrase('“{0}” ({1}%, by chance {2}%)', label, share, byChance);
  }
}
