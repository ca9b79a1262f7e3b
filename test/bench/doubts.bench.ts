import { writeFileSync } from 'node:fs';
import { createEngine } from '../../src/engine/engine';
import { JUDGED_TASKS, judgedFile, readJudged, rerun, type Judged } from '../support/judged';
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
    const written: Judged[] = [];
    for (const [index, judged] of readJudged(task).entries()) {
      const { result } = await rerun(engine, task, judged, index);
      const { text, document } = judged;
      const given = document === undefined ? { text } : { text, document };
      if (judged.result === result) {
        written.push(judged);
      } else {
        console.log(`${task} ${index}: ${text}`);
        written.push({ ...given, result });
      }
    }
    const lines = written.map((judged) => JSON.stringify(judged));
    writeFileSync(judgedFile(task), `[\n${lines.join(',\n')}\n]\n`);
  }
}

void main();
