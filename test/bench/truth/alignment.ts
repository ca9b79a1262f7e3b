import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenModel } from '../../../src/engine/openModel';
import { trace } from '../../../src/engine/tasks/trace';
import type { RowReading, TracedToken } from '../../../src/shared/attention';
import { openingHead } from '../../../src/shared/openingHead';
import { meanOfHeads, rowReading } from '../../../src/trace/rowReading';
import { root } from '../../support/root';

/** A sentence of the grammar, and its words that translate one another, by ranges of characters. */
interface Aligned {
  en: string;
  zh: string;
  /** [enStart, enEnd, zhStart, zhEnd] */
  aligned: [number, number, number, number][];
}

/** Links that were proposed, and how many of them are right. */
interface Links {
  proposed: number;
  right: number;
  /** Sum of the largest probabilities of the rows. */
  mass: number;
}

/** How a row is taken to be about a token. */
type Way = RowReading | 'rule';

/**
 * Which source word cross attention links each result word with, against the grammar's own alignment: the
 * alignment error rate with sure links alone, 1 − 2 |A ∩ S| / (|A| + |S|), with one link for each token of
 * an aligned result word (Och and Ney 2003, section 4.2). The results are the grammar's.
 */
export async function alignmentFigures(model: OpenModel): Promise<string[]> {
  const file = path.join(root, 'test/fixtures/translate/alignments.json');
  const examples = JSON.parse(readFileSync(file, 'utf8')) as Aligned[];
  const links = new Map<string, Links>();
  for (const example of examples) {
    for (const { name, right, probability } of await linksOf(model, example)) {
      const sum = links.get(name) ?? { proposed: 0, right: 0, mass: 0 };
      sum.proposed += 1;
      sum.right += Number(right);
      sum.mass += probability;
      links.set(name, sum);
    }
  }
  return [
    `${examples.length} sentences, alignment error rate and mean of the largest probability`,
    ...Array.from(links, ([name, { proposed, right, mass }]) => {
      const rate = 1 - right / proposed;
      return `${name.padEnd(42)} ${rate.toFixed(3)}  ${(mass / proposed).toFixed(2)}`;
    }),
  ];
}

interface Link {
  name: string;
  right: boolean;
  probability: number;
}

async function linksOf(model: OpenModel, { en, zh, aligned }: Aligned): Promise<Link[]> {
  const { signal } = new AbortController();
  const traced = await trace(model, en, zh, signal);
  const { sequences, sites } = traced.summary;
  const { encoder = [], decoder = [] } = sequences;
  const crossing = sites.filter(({ kind }) => kind === 'cross');
  const last = crossing.at(-1);
  if (last === undefined) {
    throw new Error('The model has no cross attention');
  }
  const mean = meanOfHeads(await traced.layer(last.id, signal), last.heads);
  const { site, head } = openingHead(sites);
  const { values } = await traced.headMap(site, head, signal);
  const opening = rowReading(values, mean, decoder.length, encoder.length);
  const maps: [string, Float32Array, Record<Way, RowReading>][] = [
    ['head opened first', values, { own: 'own', next: 'next', rule: opening }],
    ['mean of the last layer', mean, { own: 'own', next: 'next', rule: 'next' }],
  ];
  const links: Link[] = [];
  for (const [enStart, enEnd, zhStart, zhEnd] of aligned) {
    const words = new Set(
      encoder.flatMap((token, key) => (isIn(token, enStart, enEnd) ? [key] : [])),
    );
    for (const [place, token] of decoder.entries()) {
      if (!isIn(token, zhStart, zhEnd)) {
        continue;
      }
      for (const [name, map, ways] of maps) {
        for (const way of ['own', 'next', 'rule'] as const) {
          const row = ways[way] === 'own' ? place : place - 1;
          const found = strongest(map, row, encoder);
          const right = words.has(found.key);
          links.push({ name: `${name}, ${WAYS[way]}`, right, probability: found.probability });
        }
      }
    }
  }
  return links;
}

const WAYS: Record<Way, string> = {
  own: 'rows as of the token read',
  next: 'rows as of the next token',
  rule: 'by the rule',
};

function isIn({ special, start, end }: TracedToken, from: number, to: number): boolean {
  return !special && start < to && from < end;
}

/** The source token that a row attends to most, special ones left out. */
function strongest(
  map: Float32Array,
  row: number,
  keys: readonly TracedToken[],
): { key: number; probability: number } {
  let best = { key: -1, probability: -1 };
  for (const [key, { special }] of keys.entries()) {
    const probability = map[row * keys.length + key] ?? 0;
    if (!special && probability > best.probability) {
      best = { key, probability };
    }
  }
  return best;
}
