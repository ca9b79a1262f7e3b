import { phrase } from '../../shared/failure';
import type { Effect } from '../../shared/referenceRun';
import { tokenLabel } from '../../shared/tokenLabel';
import type { Sentence } from '../sentence';
import { changeOf, effectPercent } from './changes';
import { divergenceMeaning } from './effectMeanings';

/** What the model expects in a blank of the text. */
export function blankSentences({ top, divergence, ratable }: Effect): Sentence[] {
  const [most] = [...top].sort((one, other) => changeOf(other) - changeOf(one));
  const [first, firstAfter] = (['before', 'after'] as const).map(
    (when) => [...top].sort((one, other) => other[when] - one[when])[0],
  );
  const probabilities = phrase('Probability of a token in the blank with the head, and without it');
  return [
    ...(ratable > 1
      ? [
          {
            text: phrase('Of {0} blanks this is the one that changes most.', ratable),
            meaning: divergenceMeaning(),
          },
        ]
      : []),
    ...(most === undefined
      ? []
      : [
          {
            text: phrase(
              'Of the likeliest tokens for the blank, “{0}” changes most: {1}% with this head, {2}% without it.',
              tokenLabel(most),
              effectPercent(most.before),
              effectPercent(most.after),
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
                ? phrase(
                    'The first choice stays “{0}”: {1}% with this head, {2}% without it.',
                    tokenLabel(first),
                    effectPercent(first.before),
                    effectPercent(first.after),
                  )
                : phrase(
                    'The first choice “{0}” ({1}% with this head) becomes “{2}” ({3}% without it).',
                    tokenLabel(first),
                    effectPercent(first.before),
                    tokenLabel(firstAfter),
                    effectPercent(firstAfter.after),
                  ),
            meaning: probabilities,
          },
        ]),
    {
      text: phrase(
        'What the model expects there changes by {0} nats (divergence). It is one place, and says nothing of others.',
        divergence.toFixed(3),
      ),
      meaning: divergenceMeaning(),
    },
  ];
}
