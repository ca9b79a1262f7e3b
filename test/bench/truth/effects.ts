import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openModel, type OpenModel } from '../../../src/engine/openModel';
import { referenceOf } from '../../../src/engine/reference/referenceOf';
import { referenceInputOf } from '../../../src/engine/reference/tracedRun';
import { zeroAblation } from '../../../src/engine/tasks/ablate';
import { measureEffect } from '../../../src/engine/tasks/measureEffect';
import { trace } from '../../../src/engine/tasks/trace';
import type { AttentionTrace } from '../../../src/trace/attentionTrace';
import type { HeadId } from '../../../src/shared/attention';
import { directionOf, estimate } from '../../../src/shared/evidence';
import { logSumExp } from '../../../src/trace/logits';
import { root } from '../../support/root';

/** Places that are masked in each text. */
const MASKED = 16;

/** What silencing a head does to one text. */
interface OnText {
  mean: number;
  standardError: number;
  /** Of each token, in nats. */
  changes: number[];
  /** Where masks are filled: the mean over tokens that the model sees, at their own places. */
  seen?: number;
}

/**
 * How much an effect on one text tells of other texts, for every head of a model: whether those that are
 * said to be clear have the sign that the mean over the other texts has, whether the two are as near to
 * each other as their standard errors say, and how far the tokens of a text depend on one another.
 */
export async function effectFigures(names: readonly string[]): Promise<string[]> {
  const texts = JSON.parse(
    readFileSync(path.join(root, 'test/bench/truth/passages.json'), 'utf8'),
  ) as string[];
  const lines: string[] = [];
  for (const name of names) {
    const model = await openModel(path.join(root, 'models', name));
    const byHead = await effectsOf(model, texts);
    lines.push(`${name}: ${byHead.length} heads on ${texts.length} texts`, ...figuresOf(byHead));
  }
  return lines;
}

/** By head and text. */
async function effectsOf(model: OpenModel, texts: readonly string[]): Promise<OnText[][]> {
  const { signal } = new AbortController();
  const following = { signal, report: () => undefined };
  const byHead = new Map<string, OnText[]>();
  for (const text of texts) {
    const traced = await trace(model, text, undefined, signal);
    for (const { id: site, heads } of traced.summary.sites) {
      for (let head = 0; head < heads; head++) {
        const place = { site, head };
        const { tokens, meanLogChange, standardError, way } = await measureEffect(
          model,
          traced.summary.sequences,
          zeroAblation(place),
          following,
          MASKED,
        );
        if (meanLogChange === undefined || standardError === undefined) {
          continue;
        }
        const found = byHead.get(`${site}.${head}`) ?? [];
        found.push({
          mean: meanLogChange,
          standardError,
          changes: tokens.map(({ before, after }) => Math.log(after / before)),
          ...(way === 'masked' ? { seen: await whereSeen(model, traced, place) } : {}),
        });
        byHead.set(`${site}.${head}`, found);
      }
    }
  }
  return [...byHead.values()];
}

/** The mean log change of tokens that are not masked, as an encoder would copy them. */
async function whereSeen(
  opened: OpenModel,
  { summary }: AttentionTrace,
  place: HeadId,
): Promise<number> {
  const { model } = await referenceOf(opened);
  const { replace } = zeroAblation(place);
  const before = await model.run(referenceInputOf(summary));
  const after = await model.run(
    referenceInputOf(summary),
    replace === undefined ? {} : { replace },
  );
  const tokens = summary.sequences.encoder ?? [];
  const vocabulary = before.logits.data.length / tokens.length;
  const logOf = (logits: Float32Array, position: number, id: number): number => {
    const row = logits.subarray(position * vocabulary, (position + 1) * vocabulary);
    return (row[id] ?? NaN) - logSumExp(row);
  };
  const changes = tokens.flatMap(({ id, special }, position) =>
    special
      ? []
      : [logOf(after.logits.data, position, id) - logOf(before.logits.data, position, id)],
  );
  return estimate(changes)?.mean ?? NaN;
}

function figuresOf(byHead: readonly (readonly OnText[])[]): string[] {
  const count = { all: 0, clear: 0, clearSame: 0, unclear: 0, unclearSame: 0, near: 0 };
  const pieces = { all: 0, clear: 0, clearSame: 0 };
  const lagged: number[] = [];
  const seen: { seen: number; masked: number }[] = [];
  for (const onTexts of byHead) {
    for (const [index, one] of onTexts.entries()) {
      const rest = estimate(onTexts.filter((_, other) => other !== index).map(({ mean }) => mean));
      if (rest?.standardError === undefined) {
        continue;
      }
      const same = Number(Math.sign(one.mean) === Math.sign(rest.mean));
      const isClear = ['less', 'more'].includes(directionOf(one, one.changes.length));
      count.all += 1;
      count[isClear ? 'clear' : 'unclear'] += 1;
      count[isClear ? 'clearSame' : 'unclearSame'] += same;
      const range = 2 * Math.hypot(one.standardError, rest.standardError);
      count.near += Number(Math.abs(one.mean - rest.mean) <= range);
      lagged.push(autocorrelation(one.changes));
      if (one.seen !== undefined) {
        seen.push({ seen: one.seen, masked: one.mean });
      }
    }
    // Of each half of the texts, as of so many pieces of a document.
    const halves = [0, 1].map((half) =>
      onTexts.filter((_, index) => index % 2 === half).map(({ mean }) => mean),
    );
    for (const [half, other] of [halves, [...halves].reverse()]) {
      const [own, others] = [estimate(half ?? []), estimate(other ?? [])];
      if (own !== undefined && others !== undefined) {
        const isClear = ['less', 'more'].includes(directionOf(own, half?.length ?? 0));
        pieces.all += 1;
        pieces.clear += Number(isClear);
        pieces.clearSame += Number(isClear && Math.sign(own.mean) === Math.sign(others.mean));
      }
    }
  }
  const percent = (part: number, whole: number): string =>
    `${part} of ${whole} (${((100 * part) / whole).toFixed(0)} %)`;
  return [
    `  clear on one text                               ${percent(count.clear, count.all)}`,
    `  clear, and of the sign of the other texts' mean ${percent(count.clearSame, count.clear)}`,
    `  not clear, and of that sign                     ${percent(count.unclearSame, count.unclear)}`,
    `  within two standard errors of the other texts   ${percent(count.near, count.all)}`,
    `  correlation of a token's change with the next's ${(estimate(lagged)?.mean ?? NaN).toFixed(2)}`,
    `  clear on ten texts                              ${percent(pieces.clear, pieces.all)}`,
    `  clear, and of the sign of the ten others        ${percent(pieces.clearSame, pieces.clear)}`,
    ...(seen.length === 0
      ? []
      : [
          `  other sign where tokens are seen, not masked    ${percent(
            seen.filter((one) => Math.sign(one.seen) !== Math.sign(one.masked)).length,
            seen.length,
          )}`,
        ]),
  ];
}

/** Correlation of a series with itself one step later. */
function autocorrelation(values: readonly number[]): number {
  const mean = estimate(values)?.mean ?? 0;
  const off = values.map((value) => value - mean);
  const square = off.reduce((sum, value) => sum + value ** 2, 0);
  const next = off.slice(1).reduce((sum, value, index) => sum + value * (off[index] ?? 0), 0);
  return square === 0 ? 0 : next / square;
}
