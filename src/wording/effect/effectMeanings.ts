import { phrase, type Phrase } from '../../shared/failure';
import type { Effect } from '../../shared/referenceRun';

/** What the figure of a mean is; of a single token there is no ±. */
export function meanMeaning(way: Effect['way'], isResult: boolean, hasRange: boolean): Phrase {
  if (way === 'masked') {
    return hasRange
      ? phrase(
          'Mean change of the natural logarithm of a token’s probability, each guessed from all others, in nats, ± two standard errors over the tokens. A change of 0.1 nats is about 10%.',
        )
      : phrase(
          'Change of the natural logarithm of the token’s probability, guessed from all others, in nats. A change of 0.1 nats is about 10%.',
        );
  }
  if (isResult && hasRange) {
    return phrase(
      'Mean change of the natural logarithm of a token’s probability, each guessed from the source and the tokens of the result before it, in nats, ± two standard errors over the tokens. A change of 0.1 nats is about 10%.',
    );
  }
  return hasRange
    ? phrase(
        'Mean change of the natural logarithm of a token’s probability, each guessed from those before it, in nats, ± two standard errors over the tokens. A change of 0.1 nats is about 10%.',
      )
    : phrase(
        'Change of the natural logarithm of the token’s probability, guessed from what comes before it, in nats. A change of 0.1 nats is about 10%.',
      );
}

/** What a divergence of predictions is. */
export function divergenceMeaning(): Phrase {
  return phrase(
    'Kullback–Leibler divergence between what the model expects with the head and without it, in nats: 0 if nothing depends on the head',
  );
}
