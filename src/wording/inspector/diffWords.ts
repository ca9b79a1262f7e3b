import { phrase, type Phrase } from '../../shared/failure';
import type { BehaviourDiff, GraphDiff, ModelDiff } from '../../shared/modelDiff';
import { estimate } from '../../shared/evidence';
import { shortFigure } from '../../shared/shortFigure';
import { percentNumber } from '../../shared/percent';

/** What a comparison found, in a sentence or two: first what both make of a text, where that was compared. */
export function diffLead(diff: ModelDiff): Phrase[] {
  const { behaviour, differs, tensors, graphs } = diff;
  if (!differs) {
    return graphs.length === 0
      ? [phrase('The numbers of both are the same: {0} tensors are equal.', tensors.equal)]
      : [
          phrase(
            'Both compute the same: {0} nodes and {1} tensors are equal.',
            diff.a.nodes,
            tensors.equal,
          ),
        ];
  }
  return [
    ...(behaviour !== undefined && !('lacking' in behaviour) ? behaviourLead(behaviour) : []),
    ...tensorsLead(diff),
  ];
}

function behaviourLead({ way, places }: BehaviourDiff): Phrase[] {
  const mean = estimate(places.map(({ divergence }) => divergence))?.mean;
  if (mean === undefined) {
    return [];
  }
  if (way === 'vectors') {
    return [
      phrase(
        'On this text the vectors of B are turned away from those of A by {0} on average (1 − cosine).',
        shortFigure(mean),
      ),
    ];
  }
  const same = places.filter(({ top }) => top?.a.id === top?.b.id).length;
  const figure = shortFigure(mean);
  return [
    way === 'next'
      ? phrase(
          'On this text B expects the same next token as A at {0} of {1} places, and its predictions move by {2} nats on average.',
          same,
          places.length,
          figure,
        )
      : phrase(
          'On this text B puts the same token into {0} of {1} blanks as A, and its predictions move by {2} nats on average.',
          same,
          places.length,
          figure,
        ),
  ];
}

function tensorsLead({ a, b, tensors: { different, equal } }: ModelDiff): Phrase[] {
  const unread = different.filter(({ found }) => found.kind === 'unread').length;
  const changed = different.length - unread;
  if (different.length + equal === 0) {
    return [phrase('They have no tensor in common.')];
  }
  const size = percentNumber(b.bytes / Math.max(1, a.bytes), 0.1);
  return [
    phrase(
      'The numbers of {0} of {1} tensors differ; B has {2}% of the size of A.',
      changed,
      changed + equal,
      size,
    ),
    ...(unread === 0 ? [] : [phrase('Tensors that could not be compared: {0}.', unread)]),
  ];
}

/** What became of the operators that read weights, one sentence each. */
export function replacedWords({ replaced }: Pick<GraphDiff, 'replaced'>): Phrase[] {
  return replaced.map(({ a, b, count }) =>
    count === 1
      ? phrase('One weight that {0} reads in A is read by {1} in B.', a, b)
      : phrase('{2} weights that {0} reads in A are read by {1} in B.', a, b, count),
  );
}

/** Parts of a graph that do not differ, in a sentence; none where all do. */
export function unchangedWords({ inputs, outputs, opsets, modules }: GraphDiff): Phrase[] {
  const isSame = [inputs, outputs, opsets, modules.onlyInA, modules.onlyInB].every(
    (list) => list.length === 0,
  );
  return isSame ? [phrase('Inputs, outputs, operator sets and modules are the same.')] : [];
}
