import type {
  HeadOrMean,
  HeadReading,
  MeasuredScores,
  RowReading,
  StrongTarget,
} from './attention';
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

/** What a head does on a text, as a sentence that names the figure it rests on, and that of chance. */
export function headWords(reading: HeadReading): Phrase {
  if (reading.kind === 'mixed') {
    return targetWords(reading.targets);
  }
  const { kind, figure, chance, queries } = reading;
  const share = percent(figure);
  const byChance = percent(chance);
  switch (kind) {
    case 'previousToken':
      return phrase(
        'Previous-token head: {0}% of its attention on this text goes to the token before (by chance {1}%).',
        share,
        byChance,
      );
    case 'nextToken':
      return phrase(
        'Next-token head: {0}% of its attention on this text goes to the token after (by chance {1}%).',
        share,
        byChance,
      );
    case 'firstToken':
      return phrase(
        'First-token head: {0}% of its attention on this text rests on the first token (by chance {1}%).',
        share,
        byChance,
      );
    case 'self':
      return phrase(
        'Same-place head: {0}% of its attention on this text stays on the token itself (by chance {1}%).',
        share,
        byChance,
      );
    case 'sameToken':
      return phrase(
        'Same-token head: where the same token stands elsewhere in this text ({2} of {3} tokens), {0}% of the attention goes there (by chance {1}%).',
        share,
        byChance,
        queries.counted,
        queries.all,
      );
    case 'separator':
      return phrase(
        'Separator head: {0}% of its attention on this text goes to punctuation and special tokens, the first token apart (by chance {1}%).',
        share,
        byChance,
      );
    case 'positional':
      return phrase(
        'Positional head: on this text the distance alone foretells {0}% of its attention, each token foretold from the others (by chance {1}%).',
        share,
        byChance,
      );
    case 'broad':
      return phrase(
        'Broad head: its attention on this text is spread almost evenly, with {0}% of the entropy that attention to all tokens alike would have.',
        share,
      );
    case 'aligning':
      return phrase(
        'Aligning head: on this text each token of the result looks at places of its own in the source ({0}% of what is possible; if all looked at the same places, 0%).',
        share,
      );
    case 'monotone':
      return phrase(
        'Aligning head: on this text the place in the source that it looks at most moves forward with the result (rank correlation {0}, by chance 0).',
        figure.toFixed(2),
      );
  }
}

/** What a head without a kind attends to most. */
function targetWords([first, second, third]: readonly StrongTarget[]): Phrase {
  if (first === undefined) {
    return phrase('No token of this text gets much more of its attention than chance would give.');
  }
  const named = [first, second, third].filter((target) => target !== undefined);
  const words = named.flatMap(({ label, figure }) => [label, percent(figure)]);
  const chances = named.map(({ chance }) => percent(chance));
  if (new Set(chances).size > 1) {
    return third === undefined
      ? phrase(
          'Looks most at “{0}” ({1}%) and “{2}” ({3}%), on average over this text; by chance they would get {4}% and {5}%.',
          ...words,
          ...chances,
        )
      : phrase(
          'Looks most at “{0}” ({1}%), “{2}” ({3}%) and “{4}” ({5}%), on average over this text; by chance they would get {6}%, {7}% and {8}%.',
          ...words,
          ...chances,
        );
  }
  const byChance = percent(first.chance);
  if (second === undefined) {
    return phrase(
      'Looks most at “{0}” ({1}%), on average over this text; by chance it would get {2}%.',
      ...words,
      byChance,
    );
  }
  return third === undefined
    ? phrase(
        'Looks most at “{0}” ({1}%) and “{2}” ({3}%), on average over this text; by chance each would get {4}%.',
        ...words,
        byChance,
      )
    : phrase(
        'Looks most at “{0}” ({1}%), “{2}” ({3}%) and “{4}” ({5}%), on average over this text; by chance each would get {6}%.',
        ...words,
        byChance,
      );
}

/** So much of a head's attention makes a label of what it does on random tokens. */
const LABELLED = 0.4;

/**
 * What a head does on repeated random tokens, as a sentence.
 * @param scores undefined where the model sees too few tokens at once.
 */
export function scoreWords(scores: MeasuredScores | undefined): Phrase {
  if (scores === undefined) {
    return phrase('This model sees too few tokens at once for a measurement on repeated ones.');
  }
  const { induction, duplicateToken, previousToken } = scores;
  const largest = Math.max(induction, duplicateToken, previousToken);
  const byChance = percent(scores.chance);
  if (largest < LABELLED) {
    return phrase(
      'On repeated random tokens, {0}% of its attention goes to the token that followed last time, {1}% to the earlier place of the same token and {2}% to the token before (by chance {3}% each).',
      percent(induction),
      percent(duplicateToken),
      percent(previousToken),
      byChance,
    );
  }
  if (induction === largest) {
    return phrase(
      'Induction head: on repeated random tokens, {0}% of its attention goes to the token that followed last time (by chance {1}%).',
      percent(induction),
      byChance,
    );
  }
  return duplicateToken === largest
    ? phrase(
        'Duplicate-token head: on repeated random tokens, {0}% of its attention goes to the earlier place of the same token (by chance {1}%).',
        percent(duplicateToken),
        byChance,
      )
    : phrase(
        'Previous-token head: on random tokens, {0}% of its attention goes to the token before (by chance {1}%).',
        percent(previousToken),
        byChance,
      );
}

/** A share in percent; small ones, which chance often is, with a decimal. */
function percent(share: number): string {
  return (share * 100).toFixed(share < 0.02 ? 1 : 0);
}
