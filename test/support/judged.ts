import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CallContext, Engine } from '../../src/engine/engine';
import { seededRandom } from '../../src/engine/generation/random';
import { continuation } from '../../src/host/commands/continuation';
import { completionPrompt } from '../../src/host/commands/completionPrompt';
import type { EngineApi } from '../../src/shared/engineApi';
import type { ResultWarning } from '../../src/shared/resultWarning';
import type { GeneratedToken, UnsureWord } from '../../src/shared/generation';
import { root } from './root';

/** The tasks whose results were judged. */
export const JUDGED_TASKS = ['translate', 'summarize', 'complete'] as const;
export type JudgedTask = (typeof JUDGED_TASKS)[number];

/** A text, what the bundled model makes of it, and the judgement; see the README beside the sets. */
export interface Judged {
  text: string;
  /** Of a start: what kind of document it stands in; comments stand in code. */
  document?: 'prose' | 'code';
  result?: string;
  /** Natural logarithm of the probability that the model gave the result. */
  logprob?: number;
  wrong?: boolean;
  why?: string;
  /** Of a wrong translation or summary: the parts of the result that are wrong, as far as something is there. */
  wrongWords?: string[];
}

/** Which part of a set a text belongs to: the one that limits are chosen by, or the other. */
export type Half = 'tuning' | 'held out';

/** What the product makes of a text of a set. */
export interface Rerun {
  result: string;
  tokens: GeneratedToken[];
  warnings: ResultWarning[];
  /** What was written in one go, and where it stands in the result. */
  pieces: { start: number; text: string; tokens: GeneratedToken[] }[];
  /** Words that are marked as unsure. */
  unsure: UnsureWord[];
}

/** Which file of judged texts: the set, further texts for tuning alone, or a second set. */
export type JudgedFile = '' | '-tuning' | '-second';

/** The files of judged texts that there are for each task. */
export const JUDGED_FILES: Record<JudgedTask, readonly JudgedFile[]> = {
  translate: ['', '-tuning'],
  summarize: ['', '-tuning'],
  complete: ['', '-tuning', '-second'],
};

export function judgedPath(task: JudgedTask, file: JudgedFile = ''): string {
  return path.join(root, 'test/fixtures/resultWarnings', `${task}${file}.json`);
}

export function readJudged(task: JudgedTask, file: JudgedFile = ''): Judged[] {
  return JSON.parse(readFileSync(judgedPath(task, file), 'utf8')) as Judged[];
}

/** Seed of the shuffle that divides each set. */
const SPLIT_SEED = 13;

/** The half of each text of a set: those that a seeded shuffle puts first are for tuning. */
export function halves(count: number): Half[] {
  const random = seededRandom(SPLIT_SEED);
  const order = Array.from({ length: count }, (_, index) => index);
  // Fisher and Yates.
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  const found = Array.from({ length: count }, (): Half => 'held out');
  for (const index of order.slice(0, Math.floor(count / 2))) {
    found[index] = 'tuning';
  }
  return found;
}

/** A text of a file, and its place there, by which its seed goes. */
export interface Placed {
  one: Judged;
  index: number;
}

/** All texts of a task that belong to a half; those for tuning alone belong to that. */
export function ofHalf(task: JudgedTask, wanted: Half): Placed[] {
  return JUDGED_FILES[task].flatMap((file) => {
    const judged = readJudged(task, file);
    const half = file === '-tuning' ? judged.map((): Half => 'tuning') : halves(judged.length);
    return judged
      .map((one, index) => ({ one, index }))
      .filter(({ index }) => half[index] === wanted);
  });
}

/** As the setting `headlight.complete.maxNewTokens` has it by default. */
const COMPLETION_TOKENS = 64;

/** What the model goes on with: of a comment the words alone. */
export function startOf({ text, document }: Judged): string {
  return continuation(completionPrompt(text, '', document === 'prose').prompt).prompt;
}

/** Gives a text of a set to the product, as a user without settings of his own does. */
export async function rerun(
  engine: Engine,
  task: JudgedTask,
  judged: Judged,
  index: number,
): Promise<Rerun> {
  const { text, document } = judged;
  const model = { bundled: task };
  if (task === 'complete') {
    const { stopAt } = completionPrompt(text, '', document === 'prose');
    const start = startOf(judged);
    const options = { maxNewTokens: COMPLETION_TOKENS, seed: index + 1 };
    const answer = await engine.complete({ model, text: start, stopAt, options }, silent());
    const { text: result, tokens, warnings, unsure } = answer;
    return { result, pieces: [{ start: 0, text: result, tokens }], tokens, warnings, unsure };
  }
  const params = { model, text, options: {} };
  const answer = await (task === 'translate'
    ? engine.translate(params, silent())
    : engine.summarize(params, silent()));
  const { text: result, parts, warnings, unsure } = answer;
  let from = 0;
  const pieces = parts.map(({ text: written, tokens }) => {
    const start = result.indexOf(written, from);
    from = start + written.length;
    return { start, text: written, tokens };
  });
  return { result, pieces, tokens: parts.flatMap(({ tokens }) => tokens), warnings, unsure };
}

function silent<K extends keyof EngineApi>(): CallContext<K> {
  return { signal: new AbortController().signal, report: () => undefined };
}
