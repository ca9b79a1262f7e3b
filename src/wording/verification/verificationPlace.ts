import { phrase, type Phrase } from '../../shared/failure';
import { percentUp, roundedUp } from './roundedUp';
import { isScaleRounding, type FirstDifference } from '../../shared/verification';
import type { VerificationSentence } from './verificationSentence';

/** Where numbers are off first, by how much, and which parts of the model can be the cause. */
export function firstDifferenceWords(place: FirstDifference): VerificationSentence[] {
  const meaning = phrase(
    'Parts are compared in the order in which the model computes them: the attention probabilities of each layer, the logits, the logits of a step from the cache. What lies between is not compared by itself.',
  );
  const [broken] = notFiniteWords(place);
  return [
    { text: broken === undefined ? whereWords(place) : firstBroken(place), meaning },
    ...scaleWords(place),
    ...causes(place).map((text) => ({ text })),
  ];
}

/** That values are NaN or infinite, how many, and in which of the two; nothing where none is. */
export function notFiniteWords(place: FirstDifference): VerificationSentence[] {
  const { notFinite } = differenceAt(place);
  if (notFinite === undefined) {
    return [];
  }
  const { runtime, reference, values } = notFinite;
  const meaning = phrase(
    'NaN (“not a number”) and infinity come of dividing by zero or of numbers too large for their type. Such a value makes all that is computed from it useless.',
  );
  switch (place.kind) {
    case 'attention':
      return [
        {
          text: phrase(
            'Attention probabilities of {0}: of {1} values {2} of the runtime and {3} of the reference are NaN or infinite.',
            place.site.id,
            values,
            runtime,
            reference,
          ),
          meaning,
        },
      ];
    case 'logits':
      return [
        {
          text: phrase(
            'Logits: of {0} values {1} of the runtime and {2} of the reference are NaN or infinite.',
            values,
            runtime,
            reference,
          ),
          meaning,
        },
      ];
    case 'cachedStep':
      return [
        {
          text: phrase(
            'Steps from the key–value cache: of {0} logits {1} of the runtime and {2} of the reference are NaN or infinite.',
            values,
            runtime,
            reference,
          ),
          meaning,
        },
      ];
  }
}

function differenceAt(place: FirstDifference) {
  switch (place.kind) {
    case 'attention':
      return place.site;
    case 'logits':
      return place.logits;
    case 'cachedStep':
      return place.step;
  }
}

function whereWords(place: FirstDifference): Phrase {
  const { maxAbsDiff, tolerance } = differenceAt(place);
  const [largest, explained] = [roundedUp(maxAbsDiff), roundedUp(tolerance)];
  switch (place.kind) {
    case 'attention':
      if (maxAbsDiff <= tolerance) {
        return phrase(
          'The first part that differs: the scale of the scores of {0}.',
          place.site.id,
        );
      }
      return phrase(
        'The first part that differs: the attention probabilities of {0}, by up to {1}; the limit is {2}.',
        place.site.id,
        largest,
        explained,
      );
    case 'logits':
      return phrase(
        'The first part that differs: the logits, by up to {0}; the limit is {1}.',
        largest,
        explained,
      );
    case 'cachedStep':
      return phrase(
        'Only the step from the key–value cache is off: its logits differ by up to {0}; the limit is {1}.',
        largest,
        explained,
      );
  }
}

function firstBroken(place: FirstDifference): Phrase {
  switch (place.kind) {
    case 'attention':
      return phrase(
        'The first part that differs: the attention probabilities of {0}, of which some are NaN or infinite.',
        place.site.id,
      );
    case 'logits':
      return phrase('The first part that differs: the logits, of which some are NaN or infinite.');
    case 'cachedStep':
      return phrase(
        'Only the step from the key–value cache is off: some of its logits are NaN or infinite.',
      );
  }
}

/** That a layer's scores are multiplied by a wrong number, where that is what rounding cannot explain. */
function scaleWords(place: FirstDifference): VerificationSentence[] {
  const scale = place.kind === 'attention' ? place.site.scoreScale : undefined;
  if (scale === undefined || isScaleRounding(scale)) {
    return [];
  }
  return [
    {
      text: phrase(
        'The probabilities are as if the scores had been multiplied by {0}; rounding explains a deviation of {1}. Other errors may look the same.',
        (1 + scale.error).toFixed(3),
        percentUp(scale.tolerance),
      ),
      meaning: phrase(
        'A least-squares estimate, to first order, from all probabilities of the layer together. A wrong scale of the scores, of the queries or of the keys shows like this.',
      ),
    },
  ];
}

/** Which parts of the model lie between what is off and what was the last to agree. */
function causes(place: FirstDifference): Phrase[] {
  switch (place.kind) {
    case 'attention': {
      const { site, before } = place;
      return [
        before === undefined
          ? phrase(
              'The cause most likely lies in what comes before or in that attention itself: embeddings, positions, norm, queries, keys, the scale and mask of the scores, or the softmax.',
            )
          : phrase(
              'Those of {0} agree, so the cause most likely lies behind them: in the values, the output or the feed-forward network there, or in the norm, queries, keys, scale, mask and softmax of {1}.',
              before,
              site.id,
            ),
        ...(site.id.endsWith('.cross_attn')
          ? [
              phrase(
                'The keys come from the encoder, so that its end may be the cause, too: whatever follows its last attention probabilities, which agree.',
              ),
            ]
          : []),
      ];
    }
    case 'logits':
      return [
        phrase(
          'All attention probabilities agree, so the cause most likely lies behind them: in the values, the output or the feed-forward network of the last layer, in the last norm, or in the output layer.',
        ),
      ];
    case 'cachedStep':
      return [
        phrase(
          'All tokens computed at once agree, so the cause is in what only later steps use: the keys and values that are kept, their positions or mask, or the graph of these steps.',
        ),
      ];
  }
}
