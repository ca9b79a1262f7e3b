import { phrase } from '../../shared/failure';
import { percentUp, roundedUp } from './roundedUp';
import {
  differencesIn,
  floatTolerance,
  isFloatRounding,
  type Difference,
  type UnfollowedRounding,
  type Verdict,
  type Verification,
} from '../../shared/verification';
import type { VerificationSentence } from './verificationSentence';

/** The operators that round activations in a form which the reference does not follow. */
const OPERATORS: Record<UnfollowedRounding, string> = {
  fixedScales: 'QuantizeLinear',
  blocks: 'MatMulNBits (accuracy_level 4)',
  packedAttention: 'QAttention',
  other: 'MatMulInteger',
};

/** Why differences may be larger than float32 explains, and how large an error could hide in them. */
export function roundingWords(found: Verification, verdict: Verdict): VerificationSentence[] {
  const { half, followed, unfollowed, saturating } = found;
  // Of numbers that differ by more than rounding may do, it does not matter how much that is.
  const isBeyond = differencesIn(found).some((each) => !isFloatRounding(each));
  const isExplained = isBeyond && verdict !== 'differs';
  return [
    ...(followed ? [followedWords()] : []),
    ...(followed && isExplained && !half
      ? [middleWords(found), ...shorterWords(found), hiddenInBitsWords(found)]
      : []),
    ...(half && isExplained && unfollowed.length === 0 ? [hiddenWords(found)] : []),
    ...(unfollowed.length > 0 ? unfollowedWords(found, isExplained) : []),
    ...(saturating && isExplained
      ? [
          {
            text: phrase(
              'This processor cuts off sums of the model’s 8-bit products (x86 without VNNI): the numbers are further off here than on other machines. Weights of another type are exact.',
            ),
          },
        ]
      : []),
  ];
}

function followedWords(): VerificationSentence {
  return {
    text: phrase('The reference rounds activations to 8 bits, as the graph does.'),
    meaning: phrase(
      'Activations are the numbers that a layer passes on. The graph stores those that it multiplies with weights as one of 256 steps between the smallest and the largest of them (DynamicQuantizeLinear of ONNX).',
    ),
  };
}

/** The largest difference that rounding explains where float32 does not explain what was found. */
function explained(found: Verification): string {
  const beyond = differencesIn(found).filter((each) => !isFloatRounding(each));
  return roundedUp(
    Math.max(
      0,
      ...beyond.flatMap(({ tolerance, scale }) =>
        tolerance > floatTolerance(scale) ? [tolerance] : [],
      ),
    ),
  );
}

function middleWords(found: Verification): VerificationSentence {
  return {
    text: phrase(
      'Both can be right and yet differ: they add numbers in different orders, so a value halfway between two of the 256 steps of 8 bits may go up in one and down in the other, and all that is computed from it changes. That explains differences up to {0} here.',
      explained(found),
    ),
    meaning: phrase(
      'Four times what changed when the reference ran again and sent each value that is so near to halfway to the other step. It has the unit of what differs most: probabilities and logits have none.',
    ),
  };
}

/** What beginnings of the text tell, on which other values lie halfway. */
function shorterWords(found: Verification): VerificationSentence[] {
  const { shorter, sites, logits, cachedStep } = found;
  if (shorter === undefined) {
    return [];
  }
  const isStepAlone =
    !('lacking' in cachedStep) &&
    [...sites, ...(logits === undefined ? [] : [logits])].every(isFloatRounding);
  const meaning = phrase(
    'Each beginning of the text has other steps, so that other values lie halfway or none. A graph that computes something wrong of these tokens would agree on none.',
  );
  if (shorter.agreeing === undefined) {
    return [
      {
        text: phrase('On none of {0} beginnings of the text do the two agree.', shorter.tried),
        meaning,
      },
    ];
  }
  return [
    {
      text: isStepAlone
        ? phrase(
            'All tokens computed at once agree up to float32 rounding; only the step from the key–value cache differs by more. On the first {0} of {1} tokens alone it agrees as well.',
            shorter.agreeing,
            shorter.of,
          )
        : phrase(
            'On the first {0} of {1} tokens alone the two agree up to float32 rounding. An error that shows only behind them is not ruled out by that.',
            shorter.agreeing,
            shorter.of,
          ),
      meaning,
    },
  ];
}

/** How large an error can be and not be noticed in 8 bits. */
function hiddenInBitsWords({ sites, logits, cachedStep }: Verification): VerificationSentence {
  const largest = (differences: readonly Difference[]): string =>
    roundedUp(Math.max(0, ...differences.map(({ tolerance }) => tolerance)));
  const ofLogits = [
    ...(logits === undefined ? [] : [logits]),
    ...('lacking' in cachedStep ? [] : [cachedStep]),
  ];
  return {
    text:
      ofLogits.length === 0
        ? phrase(
            'An error could hide in this rounding only if, on this text, it changes no probability by more than {0}.',
            largest(sites),
          )
        : phrase(
            'An error could hide in this rounding only if, on this text, it changes no probability by more than {0} and no logit by more than {1}.',
            largest(sites),
            largest(ofLogits),
          ),
  };
}

/** How large an error can be and not be noticed in half precision. */
function hiddenWords({ sites, logits, cachedStep }: Verification): VerificationSentence {
  const largest = (values: number[]): number => Math.max(0, ...values);
  const probability = roundedUp(largest(sites.map(({ tolerance }) => tolerance)));
  const scale = percentUp(largest(sites.map(({ scoreScale }) => scoreScale?.tolerance ?? 0)));
  const ofLogits = [
    ...(logits === undefined ? [] : [logits.tolerance]),
    ...('lacking' in cachedStep ? [] : [cachedStep.tolerance]),
  ];
  return {
    text:
      ofLogits.length === 0
        ? phrase(
            'An error could hide in this rounding only if, on this text, it changes no probability by more than {0}, and the scale of no layer’s attention scores by more than {1}.',
            probability,
            scale,
          )
        : phrase(
            'An error could hide in this rounding only if, on this text, it changes no probability by more than {0}, no logit by more than {1}, and the scale of no layer’s attention scores by more than {2}.',
            probability,
            roundedUp(largest(ofLogits)),
            scale,
          ),
    meaning: phrase(
      'The graph computes in float16, which holds about three decimal digits. Bounds of probabilities and logits are eight times what rounding every number of the reference to float16 changes on this text. The scale is estimated from all probabilities of a layer together; at least 0.4% of it is taken for rounding.',
    ),
  };
}

function unfollowedWords(found: Verification, isExplained: boolean): VerificationSentence[] {
  const beyond = Math.max(
    ...differencesIn(found).map(({ maxAbsDiff, tolerance }) => maxAbsDiff / tolerance),
  );
  return [
    {
      text: phrase(
        'The graph rounds activations in a way that the reference does not follow ({0}).',
        found.unfollowed.map((form) => OPERATORS[form]).join(', '),
      ),
      meaning: phrase(
        'Activations are the numbers that a layer passes on. The reference computes with them as they are, so that what the graph’s rounding changes counts as a difference.',
      ),
    },
    ...(isExplained
      ? [
          {
            text:
              beyond <= 1
                ? phrase(
                    'Rounding of that kind may make differences up to about {0} here: Verify cannot tell those from an error.',
                    explained(found),
                  )
                : phrase(
                    'Rounding of that kind makes differences of about {0} here, and what was found is up to {1} times as large: an error, or a file whose scales suit this text badly. Verify cannot tell which.',
                    explained(found),
                    beyond.toFixed(beyond < 10 ? 1 : 0),
                  ),
            meaning: phrase(
              'How far a run of the reference went off that rounds the same activations to 8 bits in its own way. It has the unit of what differs most: probabilities and logits have none.',
            ),
          },
        ]
      : []),
  ];
}
