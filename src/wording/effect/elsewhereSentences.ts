import { directionOf, type Direction, type Estimate } from '../../shared/evidence';
import { phrase, type Phrase } from '../../shared/failure';
import type { Effect, EffectElsewhere } from '../../shared/referenceRun';
import { plusMinus } from '../plusMinus';
import type { Sentence } from '../sentence';
import { percentChange } from './changes';

/** What measuring on further pieces of the document is, after what was measured on the text. */
export function elsewhereHint({ way }: Effect): Phrase {
  return way === 'blank'
    ? phrase(
        'Measure how well the model guesses the tokens of further pieces of the document with this head and without it. Each piece is about as long as the traced text, and its tokens are masked in turn: that is another question than what stands in the blank.',
      )
    : phrase(
        'Measure the same on further pieces of the document, each about as long as the traced text',
      );
}

/** What is said of further pieces of the document. */
export function elsewhereSentences(found: EffectElsewhere): Sentence[] {
  const { pieces, available, meanLogChange, standardError } = found;
  const mean = { mean: meanLogChange, ...(standardError === undefined ? {} : { standardError }) };
  const less = pieces.filter((piece) => piece.meanLogChange < 0).length;
  const more = pieces.filter((piece) => piece.meanLogChange > 0).length;
  return [
    {
      text: onPieces(directionOf(mean, pieces.length), mean, pieces.length),
      meaning: phrase(
        'Mean over the pieces of the mean change of the natural logarithm of a token’s probability, in nats, ± two standard errors over the pieces. A change of 0.1 nats is about 10%.',
      ),
    },
    {
      text: phrase('{0} of the pieces become less likely, {1} more likely.', less, more),
      meaning: phrase(
        'Pieces whose tokens are less likely on average without the head, and those whose tokens are more likely',
      ),
    },
    ...(pieces.length < available
      ? [
          {
            text: phrase(
              'The document has {0} such pieces; those measured are spread evenly over it.',
              available,
            ),
            meaning: phrase(
              'Pieces of whole sentences, each about as long as the traced text and none of it',
            ),
          },
        ]
      : []),
  ];
}

function onPieces(direction: Direction, mean: Estimate, count: number): Phrase {
  const figure = plusMinus(mean);
  switch (direction) {
    case 'less':
      return phrase(
        'On {0} further pieces of the document the tokens are {1}% less likely on average without this head ({2} nats).',
        count,
        percentChange(mean),
        figure,
      );
    case 'more':
      return phrase(
        'On {0} further pieces of the document the tokens are {1}% more likely on average without this head ({2} nats).',
        count,
        percentChange(mean),
        figure,
      );
    case 'unclear':
      return phrase(
        'No clear effect on {0} further pieces of the document: without this head the log-probability of their tokens changes by {1} nats on average.',
        count,
        figure,
      );
    case 'tooFew':
      return phrase(
        'Further pieces of the document: {0}, too few for a clear answer ({1} nats on average).',
        count,
        figure,
      );
  }
}
