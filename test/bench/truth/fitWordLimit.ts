import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unsureWords } from '../../../src/engine/doubts/unsureWords';
import type { Engine } from '../../../src/engine/engine';
import type { UnsureWord } from '../../../src/shared/engineApi';
import { halves, JUDGED_FILES, readJudged, rerun } from '../../support/judged';
import { root } from '../../support/root';

/** Words of sound results that are marked nevertheless. */
const SHARE = 0.05;

const FOLDERS = {
  translate: { folder: 'headlight-translate-en-zh', language: 'zh' },
  summarize: { folder: 'headlight-summarize', language: 'en' },
} as const;

/** Every word of a result, with its probability. */
export function allWords(
  task: keyof typeof FOLDERS,
  { result, tokens }: Awaited<ReturnType<typeof rerun>>,
): UnsureWord[] {
  return unsureWords(result, tokens, FOLDERS[task].language, Infinity);
}

/**
 * Finds the probability below which one in twenty words of the sound results for tuning lies, and writes
 * it into the model's headlight.json.
 */
export async function fitWordLimit(engine: Engine, task: keyof typeof FOLDERS): Promise<string> {
  const probabilities: number[] = [];
  for (const file of JUDGED_FILES) {
    const judged = readJudged(task, file);
    const half = halves(judged.length);
    for (const [index, one] of judged.entries()) {
      if ((file === '' && half[index] !== 'tuning') || one.wrong !== false) {
        continue;
      }
      const again = await rerun(engine, task, one, index);
      if (again.result === one.result) {
        probabilities.push(...allWords(task, again).map(({ probability }) => probability));
      }
    }
  }
  probabilities.sort((a, b) => a - b);
  const minimum = Number((probabilities[Math.floor(SHARE * probabilities.length)] ?? 0).toFixed(2));
  const file = path.join(root, 'models', FOLDERS[task].folder, 'headlight.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { domain: Record<string, unknown> };
  manifest.domain['minimumWordProbability'] = minimum;
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  return `${task}: ${probabilities.length} words, minimum ${minimum}`;
}
