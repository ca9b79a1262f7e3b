import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unsureWords } from '../../../src/engine/warnings/unsureWords';
import type { Engine } from '../../../src/engine/engine';
import type { UnsureWord } from '../../../src/shared/generation';
import { ofHalf, rerun, type JudgedTask, type Rerun } from '../../support/judged';
import { root } from '../../support/root';

/** For each task: the model, the language of its results, and the share of words of sound ones that is marked. */
const FOLDERS: Record<JudgedTask, { folder: string; language: string; share: number }> = {
  translate: { folder: 'headlight-translate-en-zh', language: 'zh', share: 0.05 },
  summarize: { folder: 'headlight-summarize', language: 'en', share: 0.05 },
  // Each word is drawn from many that would do, so that only those that none expects say something.
  complete: { folder: 'headlight-complete', language: 'en', share: 0.02 },
};

/** A word of a result, and whether the model began with it. */
export interface PlacedWord extends UnsureWord {
  isFirst: boolean;
}

/** Every word of a result, with its probability and its place in the result. */
export function allWords(task: JudgedTask, { pieces }: Rerun): PlacedWord[] {
  const every = { first: Infinity, later: Infinity };
  return pieces.flatMap(({ start: from, text, tokens }) =>
    unsureWords(text, tokens, FOLDERS[task].language, every).map(
      ({ start, end, probability }, index) => ({
        start: from + start,
        end: from + end,
        probability,
        isFirst: index === 0,
      }),
    ),
  );
}

/**
 * Finds the probabilities below which a share of the words of the sound results for tuning lies, of those
 * that a result begins with and of the others, and writes them into the model's headlight.json.
 */
export async function fitWordLimit(engine: Engine, task: JudgedTask): Promise<string> {
  const words: PlacedWord[] = [];
  for (const { one, index } of ofHalf(task, 'tuning')) {
    if (one.wrong === false) {
      const again = await rerun(engine, task, one, index);
      words.push(...(again.result === one.result ? allWords(task, again) : []));
    }
  }
  const { folder, share } = FOLDERS[task];
  const limit = (isFirst: boolean): number => {
    const sorted = words
      .filter((word) => word.isFirst === isFirst)
      .map(({ probability }) => probability)
      .sort((a, b) => a - b);
    return Number((sorted[Math.floor(share * sorted.length)] ?? 0).toPrecision(2));
  };
  const file = path.join(root, 'models', folder, 'headlight.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { domain: Record<string, unknown> };
  manifest.domain['minimumFirstWordProbability'] = limit(true);
  manifest.domain['minimumWordProbability'] = limit(false);
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  return `${task}: ${words.length} words, first ${limit(true)}, later ${limit(false)}`;
}
