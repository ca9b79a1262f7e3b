import { writeFileSync } from 'node:fs';
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

/*
 * Writes the results of the bundled models into the judged sets (test/fixtures/doubts). A result that
 * is another one than before loses its judgement, and is named.
 *
 * npm run bench -- doubts
 */

async function main(): Promise<void> {
  const engine = createEngine(root, () => undefined);
  for (const task of JUDGED_TASKS) {
    for (const file of JUDGED_FILES) {
      await writeAnew(engine, task, file);
    }
  }
}

async function writeAnew(engine: Engine, task: JudgedTask, file: JudgedFile): Promise<void> {
  const written: Judged[] = [];
  for (const [index, judged] of readJudged(task, file).entries()) {
    const { result } = await rerun(engine, task, judged, index);
    const { text, document } = judged;
    const given = document === undefined ? { text } : { text, document };
    if (judged.result === result) {
      written.push(judged);
    } else {
      console.log(`${task}${file} ${index}: ${text}`);
      written.push({ ...given, result });
    }
  }
  const lines = written.map((judged) => JSON.stringify(judged));
  writeFileSync(judgedPath(task, file), `[\n${lines.join(',\n')}\n]\n`);
}

void main();
