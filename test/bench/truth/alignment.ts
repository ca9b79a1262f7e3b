import type { OpenModel } from '../../../src/engine/openModel';
import { trace } from '../../../src/engine/tasks/trace';
import type {
  AttentionSite,
  HeadChoice,
  RowAlignment,
  TracedToken,
} from '../../../src/shared/attention';
import { defaultHead } from '../../../src/shared/defaultHead';

/** A text and a result, and their words that belong together, by ranges of characters. */
export interface AlignedTexts {
  source: string;
  result: string;
  /** [sourceStart, sourceEnd, resultStart, resultEnd] */
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
type Way = RowAlignment | 'rule';

/**
 * Which source word cross attention links each result word with, against an alignment that is known: the
 * alignment error rate with sure links alone, 1 − 2 |A ∩ S| / (|A| + |S|), with one link for each token of
 * an aligned result word (Och and Ney 2003, section 4.2).
 */
export async function alignmentFigures(
  model: OpenModel,
  texts: readonly AlignedTexts[],
): Promise<string[]> {
  const links = new Map<string, Links>();
  for (const each of texts) {
    for (const { name, right, probability } of await linksOf(model, each)) {
      const sum = links.get(name) ?? { proposed: 0, right: 0, mass: 0 };
      sum.proposed += 1;
      sum.right += Number(right);
      sum.mass += probability;
      links.set(name, sum);
    }
  }
  return Array.from(links, ([name, { proposed, right, mass }]) => {
    const rate = 1 - right / proposed;
    return `${name.padEnd(50)} ${rate.toFixed(4)} of ${proposed}  ${(mass / proposed).toFixed(2)}`;
  });
}

interface Link {
  name: string;
  right: boolean;
  probability: number;
}

async function linksOf(
  model: OpenModel,
  { source, result, aligned }: AlignedTexts,
): Promise<Link[]> {
  const { signal } = new AbortController();
  const traced = await trace(model, source, result, signal);
  const { sequences, sites } = traced.summary;
  const { encoder = [], decoder = [] } = sequences;
  const opening = defaultHead(sites);
  const views: [string, HeadChoice][] = [
    ['what opens first', opening],
    ['most informative head', mostInformative(sites)],
  ];
  const maps: [string, Float32Array, Record<Way, RowAlignment>][] = [];
  for (const [name, { site, head }] of views) {
    const { values, rows = 'own' } = await traced.headMap(site, head, signal);
    maps.push([name, values, { own: 'own', next: 'next', rule: rows }]);
  }
  const links: Link[] = [];
  for (const [sourceStart, sourceEnd, resultStart, resultEnd] of aligned) {
    const words = new Set(
      encoder.flatMap((token, key) => (isIn(token, sourceStart, sourceEnd) ? [key] : [])),
    );
    for (const [place, token] of decoder.entries()) {
      if (!isIn(token, resultStart, resultEnd)) {
        continue;
      }
      for (const [name, map, ways] of maps) {
        for (const way of ['own', 'next', 'rule'] as const) {
          const row = ways[way] === 'own' ? place : place - 1;
          for (const special of [true, false]) {
            const found = strongest(map, row, encoder, special);
            links.push({
              name: `${name}, ${WAYS[way]}${special ? '' : ', but </s>'}`,
              right: words.has(found.key),
              probability: found.probability,
            });
          }
        }
      }
    }
  }
  return links;
}

const WAYS: Record<Way, string> = {
  own: 'rows as of the token read',
  next: 'as of the next token',
  rule: 'by the rule',
};

function isIn({ special, start, end }: TracedToken, from: number, to: number): boolean {
  return !special && start < to && from < end;
}

/** The head whose queries attend most sharply and differently: what opened first until November 2026. */
function mostInformative(sites: readonly AttentionSite[]): HeadChoice {
  const heads = sites
    .filter(({ kind }) => kind === 'cross')
    .flatMap(({ id, statistics }) =>
      statistics.map(({ information }, head) => ({ site: id, head, information })),
    );
  const [best] = heads.sort((one, other) => other.information - one.information);
  return best ?? { site: '', head: 0 };
}

/**
 * The source token that a row attends to most.
 * @param withSpecial whether special tokens count, which are no word's.
 */
function strongest(
  map: Float32Array,
  row: number,
  keys: readonly TracedToken[],
  withSpecial: boolean,
): { key: number; probability: number } {
  let best = { key: -1, probability: -1 };
  for (const [key, { special }] of keys.entries()) {
    const probability = map[row * keys.length + key] ?? 0;
    if ((withSpecial || !special) && probability > best.probability) {
      best = { key, probability };
    }
  }
  return best;
}
