import { createEngine } from '../../../src/engine/engine';
import { JUDGED_TASKS, ofHalf, rerun, type Half } from '../../support/judged';
import { root } from '../../support/root';
import { MarkedWords } from './markedWords';
import { shareOf } from './wilson';

/** Results of a kind, and how many of them a word of warning comes with. */
interface Counted {
  wrong: number;
  sound: number;
  warned: number;
  alarmed: number;
}

/** Of fewer characters a completion is short: its length alone says little of whether it is wrong. */
const SHORT = 60;

/**
 * Of the judged results of each task, half by half: which share of the wrong ones is warned of, and which
 * share of the others, each with the interval of Wilson; and which of their words are marked. Results that
 * are not as they were when they were judged are left out, and counted.
 */
export async function warningFigures(): Promise<string[]> {
  const engine = createEngine(root, () => undefined);
  const lines: string[] = [];
  for (const task of JUDGED_TASKS) {
    for (const half of ['tuning', 'held out'] satisfies Half[]) {
      const counts = new Map<string, Counted>();
      const words = new MarkedWords(task);
      let changed = 0;
      for (const { one, index } of ofHalf(task, half)) {
        const again = await rerun(engine, task, one, index);
        const { result, warnings } = again;
        if (result !== one.result || one.wrong === undefined) {
          changed++;
          continue;
        }
        words.add(one, again);
        for (const kind of [
          'all',
          ...(task === 'complete' ? completionKinds(result, warnings) : []),
        ]) {
          const counted = counts.get(kind) ?? { wrong: 0, sound: 0, warned: 0, alarmed: 0 };
          counts.set(kind, counted);
          counted[one.wrong ? 'wrong' : 'sound']++;
          if (warnings.length > 0) {
            counted[one.wrong ? 'warned' : 'alarmed']++;
          }
        }
      }
      for (const [kind, { wrong, sound, warned, alarmed }] of counts) {
        lines.push(
          `${task}, ${half}, ${kind}: warned of ${shareOf(warned, wrong)} of the wrong results`,
          `${task}, ${half}, ${kind}: false alarms in ${shareOf(alarmed, sound)} of the others`,
        );
      }
      lines.push(...words.lines().map((line) => `${task}, ${half}, ${line}`));
      if (changed > 0) {
        lines.push(`${task}, ${half}: ${changed} results are not those that were judged`);
      }
    }
  }
  return lines;
}

/** Code is another kind of text than the model was trained on, and short completions are the hard ones. */
function completionKinds(result: string, warnings: readonly { kind: string }[]): string[] {
  const isForeign = warnings.some(({ kind }) => kind === 'unfamiliar');
  const length = result.length < SHORT ? `below ${SHORT} characters` : `from ${SHORT} characters`;
  return isForeign ? [] : ['prose and comments', `prose and comments ${length}`];
}
