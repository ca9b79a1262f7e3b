import { writeFileSync } from 'node:fs';
import { totalLogprob } from '../../src/engine/warnings/errorProbability';
import { createEngine, type Engine } from '../../src/engine/engine';
import {
  JUDGED_FILES,
  JUDGED_TASKS,
  judgedPath,
  readJudged,
  rerun,
  type Judged,
  type JudgedFile,
  type JudgedTask,
} from '../support/judged';
import { root } from '../support/root';
import { fitWarnings } from './truth/fitWarnings';
import { fitWordLimit } from './truth/fitWordLimit';

/*
 * Writes the results of the bundled models into the judged sets (test/fixtures/resultWarnings). A result that
 * is another one than before loses its judgement, and is named.
 *
 * npm run bench -- warnings
 *
 * Fits the coefficients by which results get a warning, and writes them beside the models:
 *
 * npm run bench -- warnings fit
 */

async function main(): Promise<void> {
  const engine = createEngine(root, () => undefined);
  if (process.argv[2] === 'fit') {
    console.log(await fitWarnings(engine, 'translate'));
    console.log(await fitWarnings(engine, 'complete'));
    for (const task of JUDGED_TASKS) {
      console.log(await fitWordLimit(engine, task));
    }
    return;
  }
  for (const task of JUDGED_TASKS) {
    for (const file of JUDGED_FILES[task]) {
      await writeAnew(engine, task, file);
    }
  }
}

async function writeAnew(engine: Engine, task: JudgedTask, file: JudgedFile): Promise<void> {
  const written: Judged[] = [];
  for (const [index, judged] of readJudged(task, file).entries()) {
    const { result, tokens } = await rerun(engine, task, judged, index);
    const logprob = Number(totalLogprob(tokens).toFixed(4));
    const { text, document } = judged;
    const given = document === undefined ? { text } : { text, document };
    if (judged.result === result) {
      const { wrong, why, wrongWords } = judged;
      written.push({
        ...given,
        result,
        logprob,
        ...(wrong === undefined ? {} : { wrong, why, wrongWords }),
      });
    } else {
      console.log(`${task}${file} ${index}: ${text}`);
      written.push({ ...given, result, logprob });
    }
  }
  const lines = written.map((judged) => JSON.stringify(judged));
  writeFileSync(judgedPath(task, file), `[\n${lines.join(',\n')}\n]\n`);
}

void main();
