import type { HeadReading } from '../shared/attention';
import { informationShare, monotonicity } from './alignment';
import { positionalSkill } from './positionalSkill';
import { rowsWithChoice, type ReadHead } from './readHead';
import { strongTargets } from './strongTargets';
import { targetShare, type Target } from './targetShare';

/** A kind must hold for so much of the attention … */
const MOST = 0.5;
/** … and for so much more than if every visible key got the same … */
const ABOVE_CHANCE = 1.5;
/** … at so many queries at least. */
const FEWEST = 2;
/** Queries that must have the same token elsewhere: the label is about them alone. */
const FEWEST_REPEATED = 4;
/** Entropy of a broad head, as a share of the largest possible. */
const BROAD = 0.9;
/** What offsets must foretell beyond chance, of a positional head. */
const POSITIONAL = 0.4;
/** Information of an aligning head, as a share of the largest possible. */
const ALIGNING = 0.4;
/** Rank correlation of a monotone head. */
const MONOTONE = 0.8;
/** Queries that a correlation or a profile of offsets must be seen at. */
const FEWEST_ROWS = 6;

/**
 * Says in one word what a head does on a text, with the figure that this rests on and what that were by
 * chance; or what the head attends to most.
 *
 * The kinds are those of the literature: previous token, next token, first token, separator and
 * broad (Clark et al., 2019, "What Does BERT Look At?", sections 3.1 and 3.2), same token, and
 * positional (Voita et al., 2019, "Analyzing Multi-Head Self-Attention", section 5.1). A kind is a
 * share of the attention of all queries that could attend to something else. The largest share wins if
 * it is the most of the attention and more than chance; then what is about some queries alone, and
 * then what is no share.
 *
 * It describes this text: a head can do something else on another one. What it attends to is not
 * yet what the model uses.
 */
export function headKind(head: ReadHead): HeadReading {
  const labels = head.kind === 'cross' ? BETWEEN : WITHIN;
  for (const label of labels) {
    const found = label(head);
    if (found !== undefined) {
      return found;
    }
  }
  return { kind: 'mixed', targets: strongTargets(head) };
}

type Label = (head: ReadHead) => HeadReading | undefined;

/** Of attention within a text, what is tried first coming first. */
const WITHIN: readonly Label[] = [
  mostOn(['previousToken', 'nextToken', 'firstToken', 'self', 'separator'], FEWEST),
  mostOn(['sameToken'], FEWEST_REPEATED),
  broad,
  positional,
];

/** Between two texts, where places do not compare. */
const BETWEEN: readonly Label[] = [
  aligning,
  mostOn(['firstToken', 'separator'], FEWEST),
  monotone,
  broad,
];

/** The target that gets most of the attention, if there is one. */
function mostOn(targets: readonly Target[], fewest: number): Label {
  return (head) => {
    const [best] = targets
      .map((kind) => ({ kind, ...targetShare(head, kind) }))
      .filter(
        ({ figure, chance, queries }) =>
          queries.counted >= fewest && figure >= MOST && figure >= ABOVE_CHANCE * chance,
      )
      .sort((one, other) => other.figure - one.figure);
    return best;
  };
}

function aligning(head: ReadHead): HeadReading | undefined {
  const figure = informationShare(head);
  return figure >= ALIGNING
    ? { kind: 'aligning', figure, chance: 0, queries: everyQuery(head) }
    : undefined;
}

function monotone(head: ReadHead): HeadReading | undefined {
  const { correlation, places, queries } = monotonicity(head);
  // Where many queries share a few keys, their order says little of the head.
  const areMany = 2 * places >= Math.min(queries, head.keys.length);
  return correlation >= MONOTONE && areMany && queries >= FEWEST_ROWS
    ? { kind: 'monotone', figure: correlation, chance: 0, queries: everyQuery(head) }
    : undefined;
}

function positional(head: ReadHead): HeadReading | undefined {
  const { overlap, uniform, skill, rows } = positionalSkill(head);
  return rows >= FEWEST_ROWS && skill >= POSITIONAL
    ? { kind: 'positional', figure: overlap, chance: uniform, queries: everyQuery(head) }
    : undefined;
}

/** By the entropy of the rows over the largest possible: a mean over queries with a choice. */
function broad(head: ReadHead): HeadReading | undefined {
  const rows = rowsWithChoice(head);
  const sum = rows.reduce((total, { row }) => total + entropy(row) / Math.log(row.length), 0);
  const figure = sum / Math.max(1, rows.length);
  return figure >= BROAD
    ? { kind: 'broad', figure, chance: 1, queries: everyQuery(head) }
    : undefined;
}

function everyQuery(head: ReadHead): { counted: number; all: number } {
  const all = rowsWithChoice(head).length;
  return { counted: all, all };
}

/** Shannon's, in nats. */
function entropy(row: Float32Array): number {
  return row.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}
