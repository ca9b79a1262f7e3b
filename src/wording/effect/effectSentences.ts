import type { TracedSequences } from '../../shared/attention';
import { directionOf, type Direction, type Estimate } from '../../shared/evidence';
import { phrase, type Phrase } from '../../shared/failure';
import type { Effect } from '../../shared/referenceRun';
import { distinctLabels, tokenLabels } from '../../shared/tokenLabel';
import { plusMinus } from '../plusMinus';
import type { Sentence } from '../sentence';
import { blankSentences } from './blankSentences';
import { changeOf, effectPercent, percentChange } from './changes';
import { divergenceMeaning, meanMeaning } from './effectMeanings';

/**
 * What is said of what tokens lose without a head: of an encoder–decoder model those of its result, else
 * those of the text.
 */
export function effectSentences(effect: Effect, sequences: TracedSequences): Sentence[] {
  return effect.way === 'blank'
    ? blankSentences(effect)
    : [
        ...meanSentences(effect, sequences),
        {
          text: phrase(
            'What the model expects at each place changes by {0} nats (mean divergence).',
            effect.divergence.toFixed(3),
          ),
          meaning: divergenceMeaning(),
        },
        ...maskedSentences(effect),
      ];
}

/** The mean over the tokens, and the token that changed most. */
function meanSentences(
  { way, tokens, meanLogChange, standardError }: Effect,
  sequences: TracedSequences,
): Sentence[] {
  const { encoder, decoder } = sequences;
  const isResult = encoder !== undefined && decoder !== undefined;
  const read = decoder ?? encoder ?? [];
  if (meanLogChange === undefined) {
    return [
      {
        text: phrase('The text has no token that the model guesses from others.'),
        meaning: phrase(
          'What a token loses without a head is measured on how likely the model finds it after the tokens before it. The first one has none.',
        ),
      },
    ];
  }
  const mean = { mean: meanLogChange, ...(standardError === undefined ? {} : { standardError }) };
  const direction = directionOf(mean, tokens.length);
  const isClear = direction === 'less' || direction === 'more';
  // One that changed as the mean did: any other would seem to contradict it.
  const [most] = tokens
    .filter(({ before, after }) => !isClear || before < after === meanLogChange > 0)
    .sort((one, other) => changeOf(other) - changeOf(one));
  return [
    {
      text: (isResult ? onResult : onText)(direction, mean, tokens.length),
      meaning: meanMeaning(way, isResult, standardError !== undefined),
    },
    ...(standardError === undefined ? [] : [independence()]),
    ...(most === undefined
      ? []
      : [
          {
            text: mostWords(
              isClear,
              distinctLabels(tokenLabels(read))[most.token] ?? '',
              effectPercent(most.before),
              effectPercent(most.after),
            ),
            meaning: phrase('Probability of this token with the head, and without it'),
          },
        ]),
  ];
}

/** What the range of a mean over tokens takes for granted. */
function independence(): Sentence {
  return {
    text: phrase(
      'The ± takes the tokens as independent, which those of one text are not: it may be too small.',
    ),
    meaning: phrase(
      'Two standard errors, s / √n over the tokens. What one token loses may go with what its neighbours lose; and other texts may differ by more.',
    ),
  };
}

function mostWords(isClear: boolean, token: string, before: string, after: string): Phrase {
  return isClear
    ? phrase('Most of all “{0}”: {1}% becomes {2}%.', token, before, after)
    : phrase('The largest change is at “{0}”: {1}% becomes {2}%.', token, before, after);
}

function onText(direction: Direction, mean: Estimate, count: number): Phrase {
  const figure = plusMinus(mean);
  switch (direction) {
    case 'less':
      return phrase(
        'Without this head the model finds the text’s tokens {0}% less likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'more':
      return phrase(
        'Without this head the model finds the text’s tokens {0}% more likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'unclear':
      return phrase(
        'No clear effect on this text as a whole: without this head the log-probability of its tokens changes by {0} nats on average, over {1} tokens. Single tokens may change more, some for the better and some for the worse.',
        figure,
        count,
      );
    case 'tooFew':
      return phrase(
        'Tokens measured: {0}, too few for a clear answer ({1} nats on average).',
        count,
        figure,
      );
  }
}

/** As {@link onText}, of the tokens that an encoder–decoder model writes. */
function onResult(direction: Direction, mean: Estimate, count: number): Phrase {
  const figure = plusMinus(mean);
  switch (direction) {
    case 'less':
      return phrase(
        'Without this head the model finds the result’s tokens {0}% less likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'more':
      return phrase(
        'Without this head the model finds the result’s tokens {0}% more likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'unclear':
      return phrase(
        'No clear effect on this result as a whole: without this head the log-probability of its tokens changes by {0} nats on average, over {1} tokens. Single tokens may change more, some for the better and some for the worse.',
        figure,
        count,
      );
    case 'tooFew':
      return onText(direction, mean, count);
  }
}

/** How the tokens were rated, where it needs saying. */
function maskedSentences({ way, tokens, ratable }: Effect): Sentence[] {
  if (way !== 'masked') {
    return [];
  }
  return [
    {
      text:
        tokens.length < ratable
          ? phrase(
              'To be guessed, {0} of the {1} tokens were masked in turn, spread evenly over the text.',
              tokens.length,
              ratable,
            )
          : phrase('To be guessed, each token was masked in turn.'),
      meaning: phrase(
        'A token that the model sees it would only copy. So the mask token is put in its place: these are the terms of the pseudo-log-likelihood (Salazar et al., 2020).',
      ),
    },
  ];
}
