import type { OpenModel } from '../../../src/engine/openModel';
import { seededRandom } from '../../../src/engine/generation/random';
import { trace } from '../../../src/engine/tasks/trace';
import { keyTokens, queryTokens, type TracedToken } from '../../../src/shared/attention';
import { informationShare } from '../../../src/trace/alignment';
import { headKind } from '../../../src/trace/headKind';
import type { HeadPattern } from '../../../src/trace/headPattern';
import type { AlignedTexts } from './alignment';

/** A head of cross attention on one text. */
interface Sample {
  head: string;
  /** Called aligning by its information alone, as until November 2026, and by the rule of today. */
  before: boolean;
  now: boolean;
  monotone: boolean;
  /** The same of the head with its rows in random order. */
  shuffled: Pick<Sample, 'before' | 'now' | 'monotone'>;
  /** Tokens of aligned words, and those of them whose strongest source token is one of their word. */
  tokens: number;
  right: number;
}

/**
 * Whether heads that are called aligning are: a label is right if the head, over all texts, looks at the
 * right word most for at least half of the tokens whose word is known, its rows taken as the panel takes
 * them. And how many heads would be called so with their rows in random order, which aligns nothing.
 */
export async function aligningFigures(
  model: OpenModel,
  texts: readonly AlignedTexts[],
): Promise<string[]> {
  const random = seededRandom(48);
  const samples: Sample[] = [];
  for (const text of texts) {
    samples.push(...(await samplesOf(model, text, random)));
  }
  const heads = [...new Set(samples.map(({ head }) => head))];
  const accuracy = new Map(
    heads.map((head) => {
      const own = samples.filter((sample) => sample.head === head);
      return [head, sum(own, ({ right }) => right) / sum(own, ({ tokens }) => tokens)];
    }),
  );
  const counts = (isLabelled: (sample: Sample) => boolean): string => {
    const labelled = samples.filter(isLabelled);
    const right = labelled.filter(({ head }) => (accuracy.get(head) ?? 0) >= 0.5).length;
    return `${right}/${labelled.length - right}`;
  };
  const could = samples.filter(({ head }) => (accuracy.get(head) ?? 0) >= 0.5).length;
  const share = (isLabelled: (sample: Sample) => boolean): string =>
    `${((100 * samples.filter(isLabelled).length) / samples.length).toFixed(1)} %`;
  return [
    `${heads.length} heads, ${texts.length} texts; ${could} of ${samples.length} are of heads that align`,
    `aligning: right/wrong   before ${counts(({ before }) => before)}   now ${counts(({ now }) => now)}`,
    `monotone: right/wrong   ${counts(({ monotone }) => monotone)}`,
    `rows in random order, labelled   before ${share(({ shuffled }) => shuffled.before)}   now ${share(({ shuffled }) => shuffled.now)}, monotone ${share(({ shuffled }) => shuffled.monotone)}`,
  ];
}

async function samplesOf(
  model: OpenModel,
  { source, result, aligned }: AlignedTexts,
  random: () => number,
): Promise<Sample[]> {
  const { signal } = new AbortController();
  const traced = await trace(model, source, result, signal);
  const { sequences, sites } = traced.summary;
  const { encoder = [], decoder = [] } = sequences;
  const found: Sample[] = [];
  for (const site of sites.filter(({ kind }) => kind === 'cross')) {
    for (let index = 0; index < site.heads; index++) {
      const { values, rows } = await traced.headMap(site.id, index, signal);
      const head: HeadPattern = {
        map: values,
        kind: site.kind,
        queries: queryTokens(sequences, site),
        keys: keyTokens(sequences, site),
      };
      const sample = { head: `${site.id}.${index}`, tokens: 0, right: 0 };
      for (const [sourceStart, sourceEnd, resultStart, resultEnd] of aligned) {
        for (const [place, token] of decoder.entries()) {
          if (isIn(token, resultStart, resultEnd)) {
            const strongest = encoder[strongestKey(head, rows === 'own' ? place : place - 1)];
            sample.tokens++;
            sample.right += Number(strongest && isIn(strongest, sourceStart, sourceEnd));
          }
        }
      }
      found.push({ ...sample, ...labels(head), shuffled: labels(inRandomOrder(head, random)) });
    }
  }
  return found;
}

function labels(head: HeadPattern): Sample['shuffled'] {
  const { kind } = headKind(head);
  return {
    before: informationShare(head) >= 0.4,
    now: kind === 'aligning',
    monotone: kind === 'monotone',
  };
}

/** Fisher and Yates, of the rows. */
function inRandomOrder(head: HeadPattern, random: () => number): HeadPattern {
  const keys = head.keys.length;
  const order = head.queries.map((_, query) => query);
  for (let left = order.length; left > 1; left--) {
    const at = Math.floor(random() * left);
    [order[at], order[left - 1]] = [order[left - 1] ?? 0, order[at] ?? 0];
  }
  const map = new Float32Array(head.map.length);
  order.forEach((from, to) =>
    map.set(head.map.subarray(from * keys, (from + 1) * keys), to * keys),
  );
  return { ...head, map };
}

function strongestKey({ map, keys }: HeadPattern, query: number): number {
  const row = map.subarray(query * keys.length, (query + 1) * keys.length);
  return row.reduce((best, p, key) => (p > (row[best] ?? 0) ? key : best), 0);
}

function isIn({ special, start, end }: TracedToken, from: number, to: number): boolean {
  return !special && start < to && from < end;
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
