import { l10n } from 'vscode';
import type { TracedSequences } from '../../shared/attention';
import type { ExplainedSentence } from '../../shared/attentionPanel';
import { directionOf, type Direction, type Estimate } from '../../shared/evidence';
import { plusMinus } from '../../wording/plusMinus';
import { percentNumber } from '../../wording/percent';
import type { Effect, EffectElsewhere } from '../../shared/referenceRun';
import { distinctLabels, tokenLabel, tokenLabels } from '../../shared/tokenLabel';

/**
 * What is said of what tokens lose without a head: of an encoder–decoder model those of its result, else
 * those of the text.
 */
export function effectSentences(effect: Effect, sequences: TracedSequences): ExplainedSentence[] {
  return effect.way === 'blank'
    ? blankSentences(effect)
    : [
        ...meanSentences(effect, sequences),
        {
          text: l10n.t(
            'What the model expects at each place changes by {0} nats (mean divergence).',
            effect.divergence.toFixed(3),
          ),
          meaning: divergenceMeans(),
        },
        ...maskedSentences(effect),
      ];
}

/** What measuring on further pieces of the document is, after what was measured on the text. */
export function elsewhereHint({ way }: Effect): string {
  return way === 'blank'
    ? l10n.t(
        'Measure how well the model guesses the tokens of further pieces of the document with this head and without it. Each piece is about as long as the traced text, and its tokens are masked in turn: that is another question than what stands in the blank.',
      )
    : l10n.t(
        'Measure the same on further pieces of the document, each about as long as the traced text',
      );
}

/** What is said of further pieces of the document. */
export function elsewhereSentences(found: EffectElsewhere): ExplainedSentence[] {
  const { pieces, available, meanLogChange, standardError } = found;
  const mean = { mean: meanLogChange, ...(standardError === undefined ? {} : { standardError }) };
  const less = pieces.filter((piece) => piece.meanLogChange < 0).length;
  const more = pieces.filter((piece) => piece.meanLogChange > 0).length;
  return [
    {
      text: onPieces(directionOf(mean, pieces.length), mean, pieces.length),
      meaning: l10n.t(
        'Mean over the pieces of the mean change of the natural logarithm of a token’s probability, in nats, ± two standard errors over the pieces. A change of 0.1 nats is about 10%.',
      ),
    },
    {
      text: l10n.t('{0} of the pieces become less likely, {1} more likely.', less, more),
      meaning: l10n.t(
        'Pieces whose tokens are less likely on average without the head, and those whose tokens are more likely',
      ),
    },
    ...(pieces.length < available
      ? [
          {
            text: l10n.t(
              'The document has {0} such pieces; those measured are spread evenly over it.',
              available,
            ),
            meaning: l10n.t(
              'Pieces of whole sentences, each about as long as the traced text and none of it',
            ),
          },
        ]
      : []),
  ];
}

function onPieces(direction: Direction, mean: Estimate, count: number): string {
  const figure = plusMinus(mean);
  switch (direction) {
    case 'less':
      return l10n.t(
        'On {0} further pieces of the document the tokens are {1}% less likely on average without this head ({2} nats).',
        count,
        percentChange(mean),
        figure,
      );
    case 'more':
      return l10n.t(
        'On {0} further pieces of the document the tokens are {1}% more likely on average without this head ({2} nats).',
        count,
        percentChange(mean),
        figure,
      );
    case 'unclear':
      return l10n.t(
        'No clear effect on {0} further pieces of the document: without this head the log-probability of their tokens changes by {1} nats on average.',
        count,
        figure,
      );
    case 'tooFew':
      return l10n.t(
        'Further pieces of the document: {0}, too few for a clear answer ({1} nats on average).',
        count,
        figure,
      );
  }
}

/** The mean over the tokens, and the token that changed most. */
function meanSentences(
  { way, tokens, meanLogChange, standardError }: Effect,
  sequences: TracedSequences,
): ExplainedSentence[] {
  const { encoder, decoder } = sequences;
  const isResult = encoder !== undefined && decoder !== undefined;
  const read = decoder ?? encoder ?? [];
  if (meanLogChange === undefined) {
    return [
      {
        text: l10n.t('The text has no token that the model guesses from others.'),
        meaning: l10n.t(
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
      meaning: meanMeans(way, isResult, standardError !== undefined),
    },
    ...(standardError === undefined ? [] : [independence()]),
    ...(most === undefined
      ? []
      : [
          {
            text: mostWords(
              isClear,
              distinctLabels(tokenLabels(read))[most.token] ?? '',
              percent(most.before),
              percent(most.after),
            ),
            meaning: l10n.t('Probability of this token with the head, and without it'),
          },
        ]),
  ];
}

/** What the figure of a mean is; of a single token there is no ±. */
function meanMeans(way: Effect['way'], isResult: boolean, hasRange: boolean): string {
  if (way === 'masked') {
    return hasRange
      ? l10n.t(
          'Mean change of the natural logarithm of a token’s probability, each guessed from all others, in nats, ± two standard errors over the tokens. A change of 0.1 nats is about 10%.',
        )
      : l10n.t(
          'Change of the natural logarithm of the token’s probability, guessed from all others, in nats. A change of 0.1 nats is about 10%.',
        );
  }
  if (isResult && hasRange) {
    return l10n.t(
      'Mean change of the natural logarithm of a token’s probability, each guessed from the source and the tokens of the result before it, in nats, ± two standard errors over the tokens. A change of 0.1 nats is about 10%.',
    );
  }
  return hasRange
    ? l10n.t(
        'Mean change of the natural logarithm of a token’s probability, each guessed from those before it, in nats, ± two standard errors over the tokens. A change of 0.1 nats is about 10%.',
      )
    : l10n.t(
        'Change of the natural logarithm of the token’s probability, guessed from what comes before it, in nats. A change of 0.1 nats is about 10%.',
      );
}

/** What the range of a mean over tokens takes for granted. */
function independence(): ExplainedSentence {
  return {
    text: l10n.t(
      'The ± takes the tokens as independent, which those of one text are not: it may be too small.',
    ),
    meaning: l10n.t(
      'Two standard errors, s / √n over the tokens. What one token loses may go with what its neighbours lose; and other texts may differ by more.',
    ),
  };
}

function mostWords(isClear: boolean, token: string, before: string, after: string): string {
  return isClear
    ? l10n.t('Most of all “{0}”: {1}% becomes {2}%.', token, before, after)
    : l10n.t('The largest change is at “{0}”: {1}% becomes {2}%.', token, before, after);
}

function onText(direction: Direction, mean: Estimate, count: number): string {
  const figure = plusMinus(mean);
  switch (direction) {
    case 'less':
      return l10n.t(
        'Without this head the model finds the text’s tokens {0}% less likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'more':
      return l10n.t(
        'Without this head the model finds the text’s tokens {0}% more likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'unclear':
      return l10n.t(
        'No clear effect on this text as a whole: without this head the log-probability of its tokens changes by {0} nats on average, over {1} tokens. Single tokens may change more, some for the better and some for the worse.',
        figure,
        count,
      );
    case 'tooFew':
      return l10n.t(
        'Tokens measured: {0}, too few for a clear answer ({1} nats on average).',
        count,
        figure,
      );
  }
}

/** As {@link onText}, of the tokens that an encoder–decoder model writes. */
function onResult(direction: Direction, mean: Estimate, count: number): string {
  const figure = plusMinus(mean);
  switch (direction) {
    case 'less':
      return l10n.t(
        'Without this head the model finds the result’s tokens {0}% less likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'more':
      return l10n.t(
        'Without this head the model finds the result’s tokens {0}% more likely on average ({1} nats over {2} tokens).',
        percentChange(mean),
        figure,
        count,
      );
    case 'unclear':
      return l10n.t(
        'No clear effect on this result as a whole: without this head the log-probability of its tokens changes by {0} nats on average, over {1} tokens. Single tokens may change more, some for the better and some for the worse.',
        figure,
        count,
      );
    case 'tooFew':
      return onText(direction, mean, count);
  }
}

/** How the tokens were rated, where it needs saying. */
function maskedSentences({ way, tokens, ratable }: Effect): ExplainedSentence[] {
  if (way !== 'masked') {
    return [];
  }
  return [
    {
      text:
        tokens.length < ratable
          ? l10n.t(
              'To be guessed, {0} of the {1} tokens were masked in turn, spread evenly over the text.',
              tokens.length,
              ratable,
            )
          : l10n.t('To be guessed, each token was masked in turn.'),
      meaning: l10n.t(
        'A token that the model sees it would only copy. So the mask token is put in its place: these are the terms of the pseudo-log-likelihood (Salazar et al., 2020).',
      ),
    },
  ];
}

/** What the model expects in a blank of the text. */
function blankSentences({ top, divergence, ratable }: Effect): ExplainedSentence[] {
  const [most] = [...top].sort((one, other) => changeOf(other) - changeOf(one));
  const [first, firstAfter] = (['before', 'after'] as const).map(
    (when) => [...top].sort((one, other) => other[when] - one[when])[0],
  );
  const probabilities = l10n.t('Probability of a token in the blank with the head, and without it');
  return [
    ...(ratable > 1
      ? [
          {
            text: l10n.t('Of {0} blanks this is the one that changes most.', ratable),
            meaning: divergenceMeans(),
          },
        ]
      : []),
    ...(most === undefined
      ? []
      : [
          {
            text: l10n.t(
              'Of the likeliest tokens for the blank, “{0}” changes most: {1}% with this head, {2}% without it.',
              tokenLabel(most),
              percent(most.before),
              percent(most.after),
            ),
            meaning: probabilities,
          },
        ]),
    ...(first === undefined || firstAfter === undefined
      ? []
      : [
          {
            text:
              first === firstAfter
                ? l10n.t(
                    'The first choice stays “{0}”: {1}% with this head, {2}% without it.',
                    tokenLabel(first),
                    percent(first.before),
                    percent(first.after),
                  )
                : l10n.t(
                    'The first choice “{0}” ({1}% with this head) becomes “{2}” ({3}% without it).',
                    tokenLabel(first),
                    percent(first.before),
                    tokenLabel(firstAfter),
                    percent(firstAfter.after),
                  ),
            meaning: probabilities,
          },
        ]),
    {
      text: l10n.t(
        'What the model expects there changes by {0} nats (divergence). It is one place, and says nothing of others.',
        divergence.toFixed(3),
      ),
      meaning: divergenceMeans(),
    },
  ];
}

function changeOf({ before, after }: { before: number; after: number }): number {
  return Math.abs(after - before);
}

function divergenceMeans(): string {
  return l10n.t(
    'Kullback–Leibler divergence between what the model expects with the head and without it, in nats: 0 if nothing depends on the head',
  );
}

/** By how much a token becomes more or less likely on average: of the geometric mean. */
function percentChange({ mean }: Estimate): string {
  return percent(Math.abs(Math.exp(mean) - 1));
}

function percent(share: number): string {
  return percentNumber(share, 0.1);
}
