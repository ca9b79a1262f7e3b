import type { HeadKind, HeadReading } from '../shared/attention';
import { headStatistics } from './headStatistics';
import { positionalShare } from './positionalShare';
import { visibleKeys, type HeadToken, type ReadHead } from './readHead';

/** A kind must hold for so much of the attention … */
const MOST = 0.5;
/** … and for so much more than if every visible key got the same. */
const ABOVE_CHANCE = 1.5;
/** … at so many queries at least. */
const FEWEST = 2;
/** Entropy of a broad head, as a share of the largest possible. */
const BROAD = 0.9;
/** Share of the attention that offsets alone foretell, for a positional head. */
const POSITIONAL = 0.8;
/** Information of an aligning head, as a share of the largest possible. */
const ALIGNING = 0.4;

/**
 * Says in one word what a head does on a text, with the figure that this rests on.
 *
 * The kinds are those of the literature: previous token, next token, first token, separator and
 * broad (Clark et al., 2019, "What Does BERT Look At?", sections 3.1 and 3.2), same token, and
 * positional (Voita et al., 2019, "Analyzing Multi-Head Self-Attention", section 5.1). A kind is a
 * share of the attention: of all queries that have such a key and another one beside it. The
 * largest share wins if it is the most of the attention and more than chance.
 *
 * It describes this text: a head can do something else on another one. What it attends to is not
 * yet what the model uses.
 */
export function headKind(head: ReadHead): HeadReading {
  const aligning = head.kind === 'cross' ? alignment(head) : 0;
  if (aligning >= ALIGNING) {
    return { kind: 'aligning', figure: aligning };
  }
  const candidates = (head.kind === 'cross' ? CROSS : WITHIN)
    .map((kind) => ({ kind, ...shareOf(head, TARGETS[kind]) }))
    .filter(({ rows }) => rows >= FEWEST);
  const [best] = candidates
    .filter(({ figure, chance }) => figure >= MOST && figure >= ABOVE_CHANCE * chance)
    .sort((one, other) => other.figure - one.figure);
  if (best !== undefined) {
    return { kind: best.kind, figure: best.figure };
  }
  const broad = broadness(head);
  if (broad >= BROAD) {
    return { kind: 'broad', figure: broad };
  }
  const positional = head.kind === 'cross' ? 0 : positionalShare(head);
  return positional >= POSITIONAL
    ? { kind: 'positional', figure: positional }
    : { kind: 'mixed', figure: Math.max(0, ...candidates.map(({ figure }) => figure)) };
}

type Target = Exclude<HeadKind, 'broad' | 'positional' | 'aligning' | 'mixed'>;

const WITHIN: readonly Target[] = [
  'previousToken',
  'nextToken',
  'firstToken',
  'sameToken',
  'self',
  'separator',
];
const CROSS: readonly Target[] = ['firstToken', 'separator'];

/** Whether a key is one that a kind attends to. */
type Chooses = (head: ReadHead, query: number, key: number) => boolean;

const TARGETS: Readonly<Record<Target, Chooses>> = {
  previousToken: (_, query, key) => key === query - 1,
  nextToken: (_, query, key) => key === query + 1,
  firstToken: (_, _query, key) => key === 0,
  self: (_, query, key) => key === query,
  sameToken: ({ queries, keys }, query, key) =>
    key !== query && keys[key]?.id === queries[query]?.id,
  separator: ({ keys }, _, key) => key > 0 && isSeparator(keys[key]),
};

/** Special tokens, and those of punctuation marks alone. */
function isSeparator(token: HeadToken | undefined): boolean {
  return token !== undefined && (token.special || /^\p{P}+$/u.test(token.text.trim()));
}

/**
 * The mean probability on the chosen keys, and what it were if all visible keys got the same; over
 * the queries that have such a key and another one, and how many these are.
 */
function shareOf(
  head: ReadHead,
  chooses: Chooses,
): { figure: number; chance: number; rows: number } {
  const { map, queries, keys } = head;
  let share = 0;
  let chance = 0;
  let rows = 0;
  for (let query = 0; query < queries.length; query++) {
    const visible = visibleKeys(head, query);
    let chosen = 0;
    let onChosen = 0;
    for (let key = 0; key < visible; key++) {
      if (chooses(head, query, key)) {
        chosen++;
        onChosen += map[query * keys.length + key] ?? 0;
      }
    }
    if (chosen > 0 && chosen < visible) {
      share += onChosen;
      chance += chosen / visible;
      rows++;
    }
  }
  const count = Math.max(1, rows);
  return { figure: share / count, chance: chance / count, rows };
}

/** Entropy of the rows over the largest possible: a mean over queries with a choice. */
function broadness(head: ReadHead): number {
  const { map, queries, keys } = head;
  let sum = 0;
  let rows = 0;
  for (let query = 0; query < queries.length; query++) {
    const visible = visibleKeys(head, query);
    if (visible > 1) {
      const row = map.subarray(query * keys.length, query * keys.length + visible);
      sum += entropy(row) / Math.log(visible);
      rows++;
    }
  }
  return sum / Math.max(1, rows);
}

/** Shannon's, in nats. */
function entropy(row: Float32Array): number {
  return row.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}

/** Information of query and key over the largest possible (see `headStatistics`). */
function alignment({ map, queries, keys }: ReadHead): number {
  const places = Math.min(queries.length, keys.length);
  const { information } = headStatistics(map, queries.length, keys.length);
  return places > 1 ? information / Math.log(places) : 0;
}
