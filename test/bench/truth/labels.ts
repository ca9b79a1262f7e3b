import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openModel, type OpenModel } from '../../../src/engine/openModel';
import { headScores } from '../../../src/engine/tasks/headScores';
import { trace } from '../../../src/engine/tasks/trace';
import { keyTokens, queryTokens } from '../../../src/shared/attention';
import { informationShare } from '../../../src/trace/alignment';
import type { AttentionTrace } from '../../../src/trace/attentionTrace';
import { headKind } from '../../../src/trace/headKind';
import { rowsWithChoice, type HeadPattern } from '../../../src/trace/headPattern';
import { root } from '../../support/root';
import { labelBefore } from './labelsBefore';

const { signal } = new AbortController();

/** One head on one text. */
interface Labelled {
  head: string;
  text: number;
  now: string;
  before: string;
  map: HeadPattern;
}

/** The figures of the bundled models, and of a model made by others where it is at hand. */
export async function labelsOfModels(): Promise<string[]> {
  const bundled = ['complete', 'fill-mask', 'summarize', 'translate-en-zh'];
  const stories = path.join(root, '../shared/real-models/stories260K');
  const found: string[] = [];
  for (const name of bundled) {
    const model = await openModel(path.join(root, `models/headlight-${name}`));
    found.push(`Labels of heads of headlight-${name}`, ...(await labelFigures(model, 'software')));
  }
  if (existsSync(stories)) {
    const model = await openModel(stories);
    found.push('Labels of heads of stories260K', ...(await labelFigures(model, 'stories')));
  }
  return found;
}

/**
 * How many heads have a label on a set of texts, by the rule and by the one before it; how often a head
 * that has one on a text has the same one on another; and how many positional labels are right.
 */
async function labelFigures(model: OpenModel, set: 'software' | 'stories'): Promise<string[]> {
  const file = path.join(root, 'test/bench/truth/texts.json');
  const texts = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>)[set] ?? [];
  const labelled: Labelled[] = [];
  for (const [index, text] of texts.entries()) {
    for (const [head, map] of await headsOf(await trace(model, text, undefined, signal))) {
      const reading = headKind(map);
      const information = map.kind === 'cross' ? informationShare(map) : 0;
      labelled.push({
        head,
        text: index,
        now: reading.kind,
        before: labelBefore(map, information),
        map,
      });
    }
  }
  const heads = new Set(labelled.map(({ head }) => head)).size;
  return [
    `${heads} heads, ${texts.length} texts (${set})                 before    now`,
    line('without a label', labelled, withoutLabel),
    line('the same label on another text, of labels', labelled, stability),
    ...kindsOf(labelled).map((kind) =>
      line(`  ${kind}`, labelled, (label) =>
        percent(labelled.filter((one) => label(one) === kind).length, labelled.length),
      ),
    ),
    positionalFigures(labelled),
    ...(await scoreFigures(model, labelled)),
  ];
}

type Label = (one: Labelled) => string;

function line(
  what: string,
  labelled: readonly Labelled[],
  figure: (label: Label, all: readonly Labelled[]) => string,
): string {
  const [before, now] = [figure((one) => one.before, labelled), figure((one) => one.now, labelled)];
  return `${what.padEnd(44)} ${before.padStart(7)}${now.padStart(7)}`;
}

function withoutLabel(label: Label, all: readonly Labelled[]): string {
  return percent(all.filter((one) => label(one) === 'mixed').length, all.length);
}

/** Over all ordered pairs of texts of which a head has a label on the first. */
function stability(label: Label, all: readonly Labelled[]): string {
  let pairs = 0;
  let same = 0;
  for (const one of all) {
    if (label(one) !== 'mixed') {
      for (const other of all) {
        if (other.head === one.head && other.text !== one.text) {
          pairs++;
          same += Number(label(other) === label(one));
        }
      }
    }
  }
  return percent(same, pairs);
}

function kindsOf(labelled: readonly Labelled[]): string[] {
  const kinds = labelled.flatMap(({ before, now }) => [before, now]);
  return [...new Set(kinds)].filter((kind) => kind !== 'mixed').sort();
}

/**
 * A positional label is right if the head is positional on the other texts: if its mean attention to each
 * offset, on all texts but one, foretells its attention on that one with a skill of 0.4, on average.
 */
function positionalFigures(labelled: readonly Labelled[]): string {
  const skills = new Map(labelled.map((one) => [one, skillFromOthers(one, labelled)]));
  const counts = (label: Label): string => {
    const given = labelled.filter((one) => label(one) === 'positional');
    const right = given.filter((one) => {
      const others = labelled.filter(({ head, text }) => head === one.head && text !== one.text);
      return mean(others.map((other) => skills.get(other) ?? 0)) >= 0.4;
    });
    return `${right.length}/${given.length - right.length}`;
  };
  return line('positional: right/wrong', labelled, counts);
}

/** How well a head's offsets on all other texts foretell its attention on one. */
function skillFromOthers({ head, text, map }: Labelled, all: readonly Labelled[]): number {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const other of all) {
    if (other.head === head && other.text !== text) {
      for (const { query, row } of rowsWithChoice(other.map)) {
        for (const [key, p] of row.entries()) {
          const { sum, count } = sums.get(key - query) ?? { sum: 0, count: 0 };
          sums.set(key - query, { sum: sum + p, count: count + 1 });
        }
      }
    }
  }
  const rows = rowsWithChoice(map).map(({ query, row }) => {
    const foretold = Array.from(row, (_, key) => {
      const { sum, count } = sums.get(key - query) ?? { sum: 0, count: 1 };
      return sum / count;
    });
    const total = foretold.reduce((sum, p) => sum + p, 0);
    return {
      overlap: row.reduce((sum, p, key) => sum + Math.min(p, (foretold[key] ?? 0) / total), 0),
      uniform: row.reduce((sum, p) => sum + Math.min(p, 1 / row.length), 0),
    };
  });
  const overlap = mean(rows.map((row) => row.overlap));
  const uniform = mean(rows.map((row) => row.uniform));
  return (overlap - uniform) / (1 - uniform);
}

/** The heads that repeated random tokens give a label, and whether that of a text agrees with it. */
async function scoreFigures(model: OpenModel, labelled: readonly Labelled[]): Promise<string[]> {
  const sites = await headScores(model, signal);
  const heads = sites.flatMap(({ site, heads }) =>
    heads.map((scores, head) => ({ head: `${site}.${head}`, ...scores })),
  );
  if (heads.length === 0) {
    return [];
  }
  const names = ['induction', 'duplicateToken', 'previousToken'] as const;
  const found = names.map((name) => {
    const best = [...heads].sort((one, other) => other[name] - one[name]).slice(0, 3);
    const words = best.map((one) => `${one.head} ${one[name].toFixed(2)}`);
    return `${name}, the largest on random tokens: ${words.join(', ')}`;
  });
  const previous = labelled.filter(({ now }) => now === 'previousToken');
  const also = previous.filter(({ head }) =>
    heads.some((one) => one.head === head && one.previousToken >= one.limit),
  );
  return [
    ...found,
    `by chance ${heads[0]?.chance.toFixed(3)}`,
    `previous-token labels of heads that look there on random tokens, too: ${percent(also.length, previous.length)}`,
  ];
}

/** The heads of a trace with their names. */
async function headsOf(traced: AttentionTrace): Promise<[string, HeadPattern][]> {
  const { sequences, sites } = traced.summary;
  const found: [string, HeadPattern][] = [];
  for (const site of sites) {
    const maps = await traced.layer(site.id, signal);
    const size = site.queries * site.keys;
    for (let head = 0; head < site.heads; head++) {
      found.push([
        `${site.id}.${head}`,
        {
          map: maps.subarray(head * size, (head + 1) * size),
          kind: site.kind,
          queries: queryTokens(sequences, site),
          keys: keyTokens(sequences, site),
        },
      ]);
    }
  }
  return found;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`;
}
