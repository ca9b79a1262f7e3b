import { phrase, type Phrase } from '../../shared/failure';
import { percentUp, roundedUp } from './roundedUp';
import {
  differencesIn,
  firstDifference,
  isFloatRounding,
  isWithinTolerance,
  largestDifference,
  verdictOf,
  type AnyDifference,
  type AttentionDifference,
  type LogitsDifference,
  type NoCachedStep,
  type Verdict,
  type Verification,
} from '../../shared/verification';
import { firstDifferenceWords, notFiniteWords } from './verificationPlace';
import { roundingWords } from './verificationRounding';
import type { VerificationSentence } from './verificationSentence';
import { weightsWords } from './verificationWeights';

/** What a verification says, in words that its host translates. */
export interface VerificationWords {
  verdict: Verdict;
  /** The verdict, with a figure and what that is small against. */
  badge: Phrase;
  sentences: VerificationSentence[];
  /** The largest difference of each part; layers have names that are not translated. */
  rows: VerificationRow[];
}

/** A part that was compared. */
export interface VerificationRow {
  name: Phrase | string;
  value: Phrase | string;
  /** What the difference may be at most; empty where there is no such number. */
  limit: string;
  meaning: Phrase;
}

/** What was compared, how far it agrees, and what could not be compared and why. */
export function verificationWords(found: Verification): VerificationWords {
  const verdict = verdictOf(found);
  return {
    verdict,
    badge: badge(found, verdict),
    sentences: [
      { text: headline(found, verdict) },
      ...placeWords(found, verdict),
      ...runWords(found),
      ...roundingWords(found, verdict),
      ...weightsWords(found.weights),
    ],
    rows: rows(found),
  };
}

function badge(found: Verification, verdict: Verdict): Phrase {
  const largest = roundedUp(largestDifference(found));
  switch (verdict) {
    case 'matches':
      return phrase('Verified: |Δ| ≤ {0}', largest);
    case 'rounded': {
      const { maxAbsDiff, tolerance } = largestOf(found);
      return found.half
        ? phrase(
            'Agrees within float16 rounding: |Δ| {0}, bound {1}',
            roundedUp(maxAbsDiff),
            roundedUp(tolerance),
          )
        : phrase(
            'Agrees within 8-bit rounding: |Δ| {0}, bound {1}',
            roundedUp(maxAbsDiff),
            roundedUp(tolerance),
          );
    }
    case 'unclear':
      return phrase('Not verified: |Δ| up to {0}', largest);
    case 'differs':
      return runVerdict(found) === 'differs'
        ? wrongRun(found, largest)
        : phrase('Weights differ from {0}', fileOf(found));
  }
}

function wrongRun(found: Verification, largest: string): Phrase {
  const differences = differencesIn(found);
  if (differences.some(({ notFinite }) => notFinite !== undefined)) {
    return isBrokenAlike(found)
      ? phrase('NaN or infinite values in both')
      : phrase('Differs: NaN or infinite values');
  }
  const isScaleAlone = differences.every(({ maxAbsDiff, tolerance }) => maxAbsDiff <= tolerance);
  return isScaleAlone
    ? phrase('Differs: scale of attention scores')
    : phrase('Differs: |Δ| up to {0}', largest);
}

/** The one of all parts that is the largest, with its own bound. */
function largestOf(found: Verification): AnyDifference {
  return differencesIn(found).reduce((most, each) =>
    each.maxAbsDiff > most.maxAbsDiff ? each : most,
  );
}

function headline(found: Verification, verdict: Verdict): Phrase {
  switch (verdict) {
    case 'matches':
      return phrase(
        'This run matches the ONNX weights: a second implementation, written in plain TypeScript, computed the same from them, up to float32 rounding.',
      );
    case 'rounded':
      return found.half
        ? phrase(
            'This run agrees with the ONNX weights within float16 rounding: a second implementation, written in plain TypeScript, computed numbers from them that differ by no more than rounding to float16 explains.',
          )
        : phrase(
            'This run agrees with the ONNX weights within 8-bit rounding: a second implementation, written in plain TypeScript, computed numbers from them that differ by no more than a few values rounded to the neighbouring step explain.',
          );
    case 'unclear':
      return phrase('Whether this run matches the ONNX weights cannot be told.');
    case 'differs':
      return wrongHeadline(found);
  }
}

function wrongHeadline(found: Verification): Phrase {
  switch (runVerdict(found)) {
    case 'matches':
    case 'rounded':
      return phrase(
        'This run agrees with the ONNX weights, but these are not those of {0}.',
        fileOf(found),
      );
    case 'unclear':
      return phrase(
        'The ONNX weights are not those of {0}. Whether this run matches the ONNX weights cannot be told.',
        fileOf(found),
      );
    case 'differs':
      return isBrokenAlike(found)
        ? phrase(
            'The run and the reference Transformer both compute NaN or infinite values from the ONNX weights, so that the weights or the text are at fault, and not the run.',
          )
        : phrase(
            'This run does not match the ONNX weights: the reference Transformer computed other numbers from them. Either of the two may be wrong.',
          );
  }
}

/** The file that the weights were compared with. */
function fileOf({ weights }: Verification): string {
  return weights.kind === 'compared' ? weights.file : '';
}

/** The verdict of the run alone, whatever the weights are. */
function runVerdict(found: Verification): Verdict {
  return verdictOf({ ...found, weights: { kind: 'absent' } });
}

/** Whether both have as many values that are no numbers, and agree in all others. */
function isBrokenAlike(found: Verification): boolean {
  return differencesIn(found).every(({ notFinite, ...difference }) =>
    notFinite === undefined
      ? isWithinTolerance(difference)
      : notFinite.runtime === notFinite.reference,
  );
}

/** Where numbers are off first, if they are wrong. Where they may be rounded, no place is to blame. */
function placeWords(found: Verification, verdict: Verdict): VerificationSentence[] {
  const place =
    firstDifference(found, isWithinTolerance) ?? firstDifference(found, isFloatRounding);
  return verdict === 'differs' &&
    runVerdict(found) === 'differs' &&
    !isBrokenAlike(found) &&
    place !== undefined
    ? firstDifferenceWords(place)
    : [];
}

function runWords({ sites, logits, cachedStep }: Verification): VerificationSentence[] {
  return [
    logits === undefined
      ? { text: phrase('No logits were compared: the graph has no output layer.') }
      : logitsWords(logits),
    ...('lacking' in cachedStep ? lackingWords(cachedStep.lacking) : [stepWords(cachedStep)]),
    ...attentionWords(sites),
  ];
}

/** What differences of probabilities are. */
function attentionMeaning(): Phrase {
  return phrase(
    'The largest difference between a probability of ONNX Runtime and that of the reference, over all heads, queries and keys. Probabilities go from 0 to 1 and have no unit.',
  );
}

function logitsMeaning(): Phrase {
  return phrase(
    'Logits are what softmax turns into the probabilities of tokens; they have no unit. If the difference of two logits changes by 0.1, the ratio of their probabilities changes by about 10%. The standard deviation is over the vocabulary, averaged over the tokens of the text.',
  );
}

function stepMeaning(): Phrase {
  return phrase(
    'Writing computes one token after the other and keeps the keys and values of those before. Here the last two tokens of the text are computed in that way; compared are the logits of the last one, which have no unit.',
  );
}

function attentionWords(sites: readonly AttentionDifference[]): VerificationSentence[] {
  const finite = sites.filter(({ notFinite }) => notFinite === undefined);
  return [
    ...sites.flatMap((site) => notFiniteWords({ kind: 'attention', site })),
    ...(finite.length === 0
      ? []
      : [
          {
            text: phrase(
              'Attention probabilities, compared in {0} places: they differ by at most {1}.',
              finite.length,
              roundedUp(Math.max(0, ...finite.map(({ maxAbsDiff }) => maxAbsDiff))),
            ),
            meaning: attentionMeaning(),
          },
        ]),
  ];
}

function logitsWords(logits: LogitsDifference): VerificationSentence {
  const [broken] = notFiniteWords({ kind: 'logits', logits });
  const { maxAbsDiff, spread, tokens, sameLikeliest } = logits;
  return (
    broken ?? {
      text: phrase(
        'Logits: they differ by at most {0}, which is {1} of their standard deviation of {2}. The likeliest token is the same at {3} of {4} places.',
        roundedUp(maxAbsDiff),
        percentUp(maxAbsDiff / spread),
        spread.toFixed(2),
        sameLikeliest,
        tokens,
      ),
      meaning: logitsMeaning(),
    }
  );
}

function stepWords(step: LogitsDifference): VerificationSentence {
  const [broken] = notFiniteWords({ kind: 'cachedStep', step });
  return (
    broken ?? {
      text: phrase(
        'Steps from the key–value cache: the logits of the last token differ by at most {0}, which is {1} of their standard deviation.',
        roundedUp(step.maxAbsDiff),
        percentUp(step.maxAbsDiff / step.spread),
      ),
      meaning: stepMeaning(),
    }
  );
}

/** An encoder has no step that could be missed, and logits that are lacking were spoken of. */
function lackingWords(lacking: NoCachedStep): VerificationSentence[] {
  switch (lacking) {
    case 'encoder':
    case 'noLogits':
      return [];
    case 'noCache':
      return [
        {
          text: phrase('No cached step was compared: the graph computes all tokens in every step.'),
        },
      ];
    case 'oneToken':
      return [{ text: phrase('No cached step was compared: the text has only one token.') }];
  }
}

function rows({ sites, logits, cachedStep, weights }: Verification): VerificationRow[] {
  return [
    ...sites.map((site) => rowOf(site.id, site, attentionMeaning())),
    ...sites.flatMap(scaleRows),
    ...(logits === undefined ? [] : [rowOf(phrase('logits'), logits, logitsMeaning())]),
    ...('lacking' in cachedStep
      ? []
      : [rowOf(phrase('logits of a cached step'), cachedStep, stepMeaning())]),
    ...(weights.kind !== 'compared' || weights.weights + weights.reshaped === 0
      ? []
      : [
          {
            name: phrase('weights that differ'),
            value: `${weights.differing + weights.reshaped} / ${weights.weights + weights.reshaped}`,
            limit: '',
            meaning: phrase(
              'How many tensors of the safetensors file have other values or another shape in the graph, of those that both have. Storing in fewer bits counts as no change.',
            ),
          },
        ]),
  ];
}

function rowOf(
  name: VerificationRow['name'],
  { maxAbsDiff, tolerance, notFinite }: AnyDifference,
  meaning: Phrase,
): VerificationRow {
  return {
    name,
    value:
      notFinite === undefined
        ? roundedUp(maxAbsDiff)
        : phrase('{0} not finite', Math.max(notFinite.runtime, notFinite.reference)),
    limit: Number.isFinite(tolerance) ? roundedUp(tolerance) : '',
    meaning,
  };
}

function scaleRows({ id, scoreScale }: AttentionDifference): VerificationRow[] {
  if (scoreScale === undefined) {
    return [];
  }
  return [
    {
      name: phrase('scale of the scores of {0}', id),
      value: percentUp(Math.abs(scoreScale.error)),
      limit: percentUp(scoreScale.tolerance),
      meaning: phrase(
        'By what part all attention scores of the layer seem to be too large or too small, estimated by least squares from all its probabilities together. Rounding points to all sides and cancels out; a wrong scale does not.',
      ),
    },
  ];
}
