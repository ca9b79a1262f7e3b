import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unmatchedWords } from '../../../src/engine/warnings/lostWords';
import { negationChange } from '../../../src/engine/warnings/negation';
import { repeatedWords } from '../../../src/engine/warnings/repeatedWords';
import {
  errorProbability,
  totalLogprob,
  type ErrorFeatures,
} from '../../../src/engine/warnings/errorProbability';
import type { Engine } from '../../../src/engine/engine';
import { readLexicon } from '../../../src/library/lexicon';
import { ofHalf, rerun, startOf, type Judged } from '../../support/judged';
import { root } from '../../support/root';
import { fitLogistic } from './logistic';

/** Results that are not wrong and get a warning nevertheless, at most, among those for tuning. */
const FALSE_ALARMS = 0.08;

const FITTED = {
  translate: {
    folder: 'headlight-translate-en-zh',
    signs: ['logprob', 'unmatchedWords', 'negation'],
  },
  complete: { folder: 'headlight-complete', signs: ['logprob', 'saidAgain'] },
} as const;

/**
 * Fits the coefficients by which results of a bundled model get a warning to the judged texts that are for
 * tuning, and writes them into the model's headlight.json.
 */
export async function fitWarnings(engine: Engine, task: keyof typeof FITTED): Promise<string> {
  const { folder, signs: names } = FITTED[task];
  const model = path.join(root, 'models', folder);
  const rows: { signs: ErrorFeatures; wrong: boolean }[] = [];
  for (const { one, index } of ofHalf(task, 'tuning')) {
    const { result, tokens, warnings } = await rerun(engine, task, one, index);
    // What has a warning for its kind of text tells nothing of how sure a model is within it.
    const isStrange = warnings.some(({ kind }) => kind === 'unfamiliar');
    if (result === one.result && one.wrong !== undefined && !isStrange) {
      rows.push({ signs: signsOf(model, task, one, result, tokens), wrong: one.wrong });
    }
  }
  const { intercept, weights } = fitLogistic(
    rows.map(({ signs }) => names.map((name) => signs[name] ?? 0)),
    rows.map(({ wrong }) => Number(wrong)),
  );
  const round = (value: number): number => Number(value.toPrecision(4));
  const fitted = {
    intercept: round(intercept),
    weights: Object.fromEntries(names.map((name, at) => [name, round(weights[at] ?? 0)])),
  };
  const sound = rows
    .filter(({ wrong }) => !wrong)
    .map(({ signs }) => errorProbability(signs, { ...fitted, limit: 1 }))
    .toSorted((a, b) => b - a);
  const limit = Math.ceil(1000 * (sound[Math.floor(FALSE_ALARMS * sound.length)] ?? 1)) / 1000;
  const file = path.join(model, 'headlight.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { domain: Record<string, unknown> };
  manifest.domain['wrong'] = { ...fitted, limit };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  return `${task}: ${rows.length} results, ${JSON.stringify({ ...fitted, limit })}`;
}

function signsOf(
  model: string,
  task: keyof typeof FITTED,
  judged: Judged,
  result: string,
  tokens: Parameters<typeof totalLogprob>[0],
): ErrorFeatures {
  const { text } = judged;
  const logprob = totalLogprob(tokens);
  if (task === 'complete') {
    return { logprob, saidAgain: repeatedWords(startOf(judged), result).length };
  }
  const file = path.join(model, 'lexicon.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof readLexicon>[0];
  const { lost, rare } = unmatchedWords(text, result, readLexicon(json, file));
  return {
    logprob,
    unmatchedWords: lost.length + rare.length,
    negation: negationChange(text, result, { source: 'en', target: 'zh' }) === undefined ? 0 : 1,
  };
}
