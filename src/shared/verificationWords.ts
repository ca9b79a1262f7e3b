import { phrase, type FailureData, type Phrase } from './failure';
import {
  differencesIn,
  floatTolerance,
  isFloatRounding,
  largestDifference,
  verdictOf,
  type NoCachedStep,
  type UnfollowedRounding,
  type Verdict,
  type Verification,
  type WeightsCheck,
} from './verification';

/** What a verification says, in words that its host translates. */
export interface VerificationWords {
  verdict: Verdict;
  /** The verdict, with the largest difference of all that was compared. */
  badge: Phrase;
  /** Whole sentences; a failure tells why something could not be read. */
  sentences: (Phrase | FailureData)[];
  /** The largest difference of each part; layers have names that are not translated. */
  rows: { name: Phrase | string; value: string }[];
}

/** What was compared, how far it agrees, and what could not be compared and why. */
export function verificationWords(found: Verification): VerificationWords {
  const verdict = verdictOf(found);
  return {
    verdict,
    badge: badge(found, verdict),
    sentences: [
      headline(found, verdict),
      ...runWords(found),
      ...roundingWords(found, verdict),
      ...weightsWords(found.weights),
    ],
    rows: rows(found),
  };
}

/** To two digits, so that what is said holds, and the figure on the badge is one of the table. */
export function roundedUp(value: number): string {
  const step = 10 ** (Math.floor(Math.log10(value || Number.MIN_VALUE)) - 1);
  // A quotient that is whole but for its last bits is taken as it is.
  const steps = Math.ceil(Number((value / step).toPrecision(12)));
  return value === 0 ? '0' : (steps * step).toExponential(1);
}

function badge(found: Verification, verdict: Verdict): Phrase {
  const largest = roundedUp(largestDifference(found));
  switch (verdict) {
    case 'matches':
      return phrase('Verified: |Δ| ≤ {0}', largest);
    case 'unclear':
      return phrase('Not verified: |Δ| up to {0}', largest);
    case 'differs':
      return isRunRight(found)
        ? phrase('Other weights than were saved')
        : phrase('Differs: |Δ| up to {0}', largest);
  }
}

function headline(found: Verification, verdict: Verdict): Phrase {
  switch (verdict) {
    case 'matches':
      return phrase(
        'This run matches the ONNX weights: a second implementation, written in plain TypeScript, computed the same from them, up to rounding.',
      );
    case 'unclear':
      return phrase('Whether this run matches the ONNX weights cannot be told.');
    case 'differs':
      return isRunRight(found)
        ? phrase('This run matches the ONNX weights, but these are not the ones that were saved.')
        : phrase(
            'This run does not match the ONNX weights: the reference Transformer computed other numbers from them. Either of the two may be wrong: compare layer by layer.',
          );
  }
}

/** Whether nothing but the weights may be wrong. */
function isRunRight(found: Verification): boolean {
  return verdictOf({ ...found, weights: { kind: 'absent' } }) === 'matches';
}

function runWords({ sites, logits, cachedStep }: Verification): Phrase[] {
  const largest = Math.max(0, ...sites.map(({ maxAbsDiff }) => maxAbsDiff));
  return [
    phrase(
      'Attention of {0} layers: its probabilities differ by at most {1}.',
      sites.length,
      roundedUp(largest),
    ),
    logits === undefined
      ? phrase('No logits were compared: the graph has no output layer.')
      : phrase(
          'Logits of {0} tokens: they differ by at most {1}, where the largest is {2}.',
          logits.tokens,
          roundedUp(logits.maxAbsDiff),
          logits.scale.toFixed(1),
        ),
    ...('lacking' in cachedStep
      ? lackingWords(cachedStep.lacking)
      : [
          phrase(
            'Steps from the key–value cache: the logits of the last token differ by at most {0}.',
            roundedUp(cachedStep.maxAbsDiff),
          ),
        ]),
  ];
}

/** An encoder has no step that could be missed, and logits that are lacking were spoken of. */
function lackingWords(lacking: NoCachedStep): Phrase[] {
  switch (lacking) {
    case 'encoder':
    case 'noLogits':
      return [];
    case 'noCache':
      return [phrase('No cached step was compared: the graph computes all tokens in every step.')];
    case 'oneToken':
      return [phrase('No cached step was compared: the text has only one token.')];
  }
}

/** The operators that round activations in a form which the reference does not follow. */
const OPERATORS: Record<UnfollowedRounding, string> = {
  fixedScales: 'QuantizeLinear',
  blocks: 'MatMulNBits (accuracy_level 4)',
  packedAttention: 'QAttention',
  other: 'MatMulInteger',
};

/** Why differences may be larger than float32 explains. */
function roundingWords(found: Verification, verdict: Verdict): Phrase[] {
  const { half, followed, unfollowed, saturating } = found;
  const beyond = differencesIn(found).filter((difference) => !isFloatRounding(difference));
  // Of numbers that differ by more than rounding may do, it does not matter how much that is.
  const isBeyond = beyond.length > 0 && verdict !== 'differs';
  const largest = roundedUp(
    Math.max(
      0,
      ...beyond.flatMap(({ tolerance, scale }) =>
        tolerance > floatTolerance(scale) ? [tolerance] : [],
      ),
    ),
  );
  return [
    ...(followed ? [phrase('The reference rounds activations to 8 bits, as the graph does.')] : []),
    ...(followed && isBeyond && !half
      ? [
          phrase(
            'What lies in the middle between two integers may be rounded to either, and so may all that follows: differences up to {0} may come of it here.',
            largest,
          ),
          ...shorterWords(found),
        ]
      : []),
    ...(half && isBeyond
      ? [
          phrase(
            'The graph computes in half precision: differences up to {0} may come of rounding to float16 here.',
            largest,
          ),
        ]
      : []),
    ...(unfollowed.length > 0
      ? [
          phrase(
            'The graph rounds activations in a way that the reference does not follow ({0}).',
            unfollowed.map((form) => OPERATORS[form]).join(', '),
          ),
        ]
      : []),
    ...(unfollowed.length > 0 && isBeyond
      ? [
          phrase(
            'Rounding of that kind may make differences up to about {0} here: Verify cannot tell those from an error.',
            largest,
          ),
        ]
      : []),
    ...(saturating && isBeyond
      ? [
          phrase(
            'This processor cuts off sums of the model’s 8-bit products (x86 without VNNI): the numbers are further off here than on other machines. Weights of another type are exact.',
          ),
        ]
      : []),
  ];
}

/** What beginnings of the text tell, on which other values lie in the middle. */
function shorterWords({ shorter }: Verification): Phrase[] {
  if (shorter === undefined) {
    return [];
  }
  return [
    shorter.agreeing === undefined
      ? phrase('On none of {0} beginnings of the text do the two agree.', shorter.tried)
      : phrase(
          'On the first {0} tokens alone the two agree, so that rounding is the likely cause.',
          shorter.agreeing,
        ),
  ];
}

function weightsWords(weights: WeightsCheck): (Phrase | FailureData)[] {
  switch (weights.kind) {
    case 'absent':
      return [
        phrase(
          'Whether the weights themselves are right was not checked: no model.safetensors lies beside the graph.',
        ),
      ];
    case 'unreadable':
      return [
        phrase(
          'Whether the weights themselves are right was not checked: the saved ones cannot be read.',
        ),
        weights.why,
      ];
    case 'compared':
      return comparedWords(weights);
  }
}

function comparedWords({
  file,
  weights,
  values,
  unmatched,
  different,
  differing,
}: Extract<WeightsCheck, { kind: 'compared' }>): Phrase[] {
  if (weights === 0) {
    return [
      phrase(
        'Whether the weights themselves are right was not checked: the graph has none of the names in {0}.',
        file,
      ),
    ];
  }
  return [
    differing === 0
      ? phrase(
          'All {0} values of {1} weights are those of {2}, as far as the graph’s types hold them.',
          values,
          weights,
          file,
        )
      : phrase('Weights that are not those of {2}: {0} of {1}.', differing, weights, file),
    ...different.map((each) =>
      phrase(
        '{0}: {1} of {2} values differ, the first is number {3} and the last number {4}, by up to {5}.',
        each.name,
        each.count,
        each.values,
        each.first,
        each.last,
        roundedUp(each.maxAbsDiff),
      ),
    ),
    ...(unmatched === 0
      ? []
      : [phrase('Weights of {1} that the graph has none of that name for: {0}.', unmatched, file)]),
  ];
}

function rows({ sites, logits, cachedStep, weights }: Verification): VerificationWords['rows'] {
  return [
    ...sites.map(({ id, maxAbsDiff }) => ({ name: id, value: roundedUp(maxAbsDiff) })),
    ...(logits === undefined
      ? []
      : [
          {
            name: phrase('logits (the largest is {0})', logits.scale.toFixed(1)),
            value: roundedUp(logits.maxAbsDiff),
          },
        ]),
    ...('lacking' in cachedStep
      ? []
      : [{ name: phrase('logits of a cached step'), value: roundedUp(cachedStep.maxAbsDiff) }]),
    ...(weights.kind !== 'compared' || weights.weights === 0
      ? []
      : [
          {
            name: phrase('weights that differ'),
            value: `${weights.differing} / ${weights.weights}`,
          },
        ]),
  ];
}
