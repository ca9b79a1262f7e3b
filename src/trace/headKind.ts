import type { HeadKind, HeadDescription, LabelledHead } from '../shared/attention';
import { informationShare, monotonicity, stepsOfStrongest } from './alignment';
import { positionalSkill } from './positionalSkill';
import { rowsWithChoice, type HeadPattern } from './headPattern';
import { topTargets } from './topTargets';
import { targetShare, type AttentionTarget } from './targetShare';

/** A kind must hold for so much of the attention … */
const MOST = 0.5;
/** … and for so much more than if every visible key got the same … */
const ABOVE_CHANCE = 1.5;
/** Queries that must have the same token elsewhere: the label is about them alone. */
const FEWEST_REPEATED = 4;
/** Entropy of a broad head, as a share of the largest possible. */
const BROAD = 0.9;
/** What offsets must foretell beyond chance, of a positional head. */
const POSITIONAL = 0.4;
/** Information of an aligning head, as a share of the largest possible: its rows are sharp and differ. */
const ALIGNING = 0.4;
/** Rank correlation of a monotone head. */
const MONOTONE = 0.8;
/** Queries with a choice that anything is told of. */
const FEWEST = 6;

/**
 * Labels what a head does on a text, with the figure that the label rests on and the same figure by chance;
 * a head without a label gets what it attends to most.
 *
 * The kinds are those of the literature: previous, current and next token, separator and broad (Clark et
 * al., 2019, "What Does BERT Look At?", sections 3.1 and 3.2), attention sink (Xiao et al., 2024,
 * "Efficient Streaming Language Models with Attention Sinks"), duplicate token (Wang et al., 2023,
 * "Interpretability in the Wild", and TransformerLens; here places behind the query count too where it sees
 * them), and positional (Voita et al., 2019, "Analyzing Multi-Head Self-Attention", section 5.1).
 *
 * Within one text, labels are tried in this order: the target with the largest share of the attention of
 * all queries that see more than one key, if it has at least half of it and clearly more than by chance;
 * then `duplicateToken`, whose share is over the queries with a duplicate alone; then the kinds that are no
 * share (`broad`, `positional`). Between two texts, sharp rows that differ are an alignment only if
 * neighbouring queries attend to neighbouring places, since random rows are sharp and differ too. A text
 * with fewer than six queries that see more than one key is too short for any label.
 *
 * A label describes this text: the head may do something else on another one. Attending to a token does not
 * mean that the model uses it.
 */
export function headKind(head: HeadPattern): HeadDescription {
  const queries = rowsWithChoice(head).length;
  if (queries < FEWEST) {
    return { kind: 'tooShort', queries, needed: FEWEST };
  }
  const labels = head.kind === 'cross' ? BETWEEN : WITHIN;
  for (const label of labels) {
    const found = label(head);
    if (found !== undefined) {
      return found;
    }
  }
  return { kind: 'mixed', targets: topTargets(head) };
}

type Label = (head: HeadPattern) => LabelledHead | undefined;

/** Of attention within a text, what is tried first coming first. */
const WITHIN: readonly Label[] = [
  mostOn(['previousToken', 'nextToken', 'firstToken', 'self', 'separator']),
  mostOn(['duplicateToken'], FEWEST_REPEATED),
  broad,
  positional,
];

/** Between two texts, where places do not compare. */
const BETWEEN: readonly Label[] = [aligning, mostOn(['firstToken', 'separator']), monotone, broad];

/** What a head is called by the target of most of its attention. */
export const KIND_OF_TARGET: Readonly<Record<AttentionTarget, HeadKind>> = {
  previousToken: 'previousToken',
  self: 'currentToken',
  nextToken: 'nextToken',
  firstToken: 'attentionSink',
  duplicateToken: 'duplicateToken',
  separator: 'separator',
};

/** The target that gets most of the attention, if there is one. */
function mostOn(targets: readonly AttentionTarget[], fewest = FEWEST): Label {
  return (head) => {
    const [best] = targets
      .map((target) => ({ kind: KIND_OF_TARGET[target], ...targetShare(head, target) }))
      .map((share) => ({ ...share, limit: Math.max(MOST, ABOVE_CHANCE * share.chance) }))
      .filter(({ figure, limit, queries }) => queries.counted >= fewest && figure >= limit)
      .sort((one, other) => other.figure - one.figure);
    return best;
  };
}

function aligning(head: HeadPattern): LabelledHead | undefined {
  const { ratio: figure, limit } = stepsOfStrongest(head);
  return informationShare(head) >= ALIGNING && figure <= limit
    ? { kind: 'aligning', figure, chance: 1, limit, queries: everyQuery(head) }
    : undefined;
}

function monotone(head: HeadPattern): LabelledHead | undefined {
  const { correlation: figure, places, queries } = monotonicity(head);
  const { ratio, limit } = stepsOfStrongest(head);
  // Where many queries share a few keys, their order says little of the head.
  const areMany = 2 * places >= Math.min(queries, head.keys.length);
  return figure >= MONOTONE && areMany && ratio <= limit
    ? { kind: 'monotone', figure, chance: 0, limit: MONOTONE, queries: everyQuery(head) }
    : undefined;
}

function positional(head: HeadPattern): LabelledHead | undefined {
  const { overlap: figure, uniform: chance, skill } = positionalSkill(head);
  const limit = chance + POSITIONAL * (1 - chance);
  return skill >= POSITIONAL
    ? { kind: 'positional', figure, chance, limit, queries: everyQuery(head) }
    : undefined;
}

/** By the entropy of the rows over the largest possible: a mean over queries with a choice. */
function broad(head: HeadPattern): LabelledHead | undefined {
  const rows = rowsWithChoice(head);
  const sum = rows.reduce((total, { row }) => total + entropy(row) / Math.log(row.length), 0);
  const figure = sum / Math.max(1, rows.length);
  return figure >= BROAD
    ? { kind: 'broad', figure, chance: 1, limit: BROAD, queries: everyQuery(head) }
    : undefined;
}

function everyQuery(head: HeadPattern): { counted: number; all: number } {
  const all = rowsWithChoice(head).length;
  return { counted: all, all };
}

/** Shannon's, in nats. */
function entropy(row: Float32Array): number {
  return row.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}
