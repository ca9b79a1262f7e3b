import { phrase, type Phrase } from '../../shared/failure';
import { roundedUp } from './roundedUp';
import type { DifferentWeight, WeightsCheck } from '../../shared/verification';
import type { VerificationSentence } from './verificationSentence';

/** What came of holding the graph's weights against those that were saved. */
export function weightsWords(weights: WeightsCheck): VerificationSentence[] {
  switch (weights.kind) {
    case 'absent':
      return [
        {
          text: phrase(
            'Whether the weights themselves are right was not checked: no model.safetensors lies beside the graph.',
          ),
          meaning: phrase(
            'The reference reads its weights from the ONNX file. Weights that were changed there are the same for both, so only the file that transformers saved can show it.',
          ),
        },
      ];
    case 'unreadable':
      return [
        {
          text: phrase(
            'Whether the weights themselves are right was not checked: the saved ones cannot be read.',
          ),
        },
        { text: weights.why },
      ];
    case 'compared':
      return comparedWords(weights);
  }
}

function comparedWords(check: Extract<WeightsCheck, { kind: 'compared' }>): VerificationSentence[] {
  const { file, weights, unmatched, different, differing, otherShapes, reshaped } = check;
  if (weights + reshaped === 0) {
    return [
      {
        text: phrase(
          'Whether the weights themselves are right was not checked: the graph has none of the names in {0}.',
          file,
        ),
      },
    ];
  }
  return [
    ...(differing > 0
      ? [
          {
            text: phrase(
              'Weights with other values than in {2}: {0} of {1} that were compared.',
              differing,
              weights,
              file,
            ),
          },
          ...different.map((each) => ({ text: differentWords(each) })),
        ]
      : []),
    ...(reshaped > 0
      ? [
          {
            text: phrase('Weights with another shape than in {1}: {0}.', reshaped, file),
          },
          ...otherShapes.map(({ name, saved, inGraph }) => ({
            text: phrase(
              '{0}: saved as [{1}], in the graph [{2}].',
              name,
              saved.join(', '),
              inGraph.join(', '),
            ),
          })),
        ]
      : []),
    ...(differing === 0 && weights > 0 ? [{ text: equalWords(check) }] : []),
    ...(check.inGraphs.compared < check.inGraphs.weights ? [coverageWords(check)] : []),
    ...(unmatched === 0
      ? []
      : [
          {
            text: phrase(
              'Weights of {1} that were not compared, as the graph has none under that name or computes with others that were made from them: {0}.',
              unmatched,
              file,
            ),
          },
        ]),
  ];
}

function equalWords({
  file,
  weights,
  values,
}: Extract<WeightsCheck, { kind: 'compared' }>): Phrase {
  return weights === 1
    ? phrase(
        'All {0} values of 1 weight are those of {1}, as far as the graph’s types hold them.',
        values,
        file,
      )
    : phrase(
        'All {0} values of {1} weights are those of {2}, as far as the graph’s types hold them.',
        values,
        weights,
        file,
      );
}

/** How much of the graph the comparison speaks of. */
function coverageWords({
  file,
  inGraphs,
}: Extract<WeightsCheck, { kind: 'compared' }>): VerificationSentence {
  return {
    text: phrase(
      'Of {1} weights that the graphs hold, {0} were compared with {2}.',
      inGraphs.compared,
      inGraphs.weights,
      file,
    ),
    meaning: phrase(
      'Not compared are weights that have no tensor of the same name in the file, and those that the exporter computed from others. An error in them would not show here.',
    ),
  };
}

function differentWords(each: DifferentWeight): Phrase {
  const { name, count, values, first, last, maxAbsDiff, notFinite } = each;
  return notFinite === 0
    ? phrase(
        '{0}: {1} of {2} values differ, from value {3} to value {4} (counted from 0), by up to {5}.',
        name,
        count,
        values,
        first,
        last,
        roundedUp(maxAbsDiff),
      )
    : phrase(
        '{0}: {1} of {2} values differ, from value {3} to value {4} (counted from 0); {5} of them are NaN or infinite.',
        name,
        count,
        values,
        first,
        last,
        notFinite,
      );
}
