import { createEngine } from '../../../src/engine/engine';
import { halves, JUDGED_TASKS, readJudged, rerun, type Half } from '../../support/judged';
import { root } from '../../support/root';
import { allWords } from './fitWordLimit';
import { shareOf } from './wilson';

/** Judged results of one half of a set, and how many of them a word of warning comes with. */
interface Counted {
  wrong: number;
  sound: number;
  warned: number;
  alarmed: number;
}

/**
 * Of the judged results of each set, half by half: which share of the wrong ones is warned of, and which
 * share of the others, each with the interval of Wilson. Results that are not as they were when they were
 * judged are left out, and counted.
 */
export async function warningFigures(): Promise<string[]> {
  const engine = createEngine(root, () => undefined);
  const lines: string[] = [];
  for (const task of JUDGED_TASKS) {
    const judged = readJudged(task);
    const half = halves(judged.length);
    const counts: Record<Half, Counted> = {
      tuning: { wrong: 0, sound: 0, warned: 0, alarmed: 0 },
      'held out': { wrong: 0, sound: 0, warned: 0, alarmed: 0 },
    };
    let changed = 0;
    const words = { wrong: { all: 0, marked: 0 }, sound: { all: 0, marked: 0 } };
    for (const [index, one] of judged.entries()) {
      const again = await rerun(engine, task, one, index);
      const { result, doubts } = again;
      if (result !== one.result || one.wrong === undefined) {
        changed++;
        continue;
      }
      const counted = counts[half[index] ?? 'tuning'];
      counted[one.wrong ? 'wrong' : 'sound']++;
      if (doubts.length > 0) {
        counted[one.wrong ? 'warned' : 'alarmed']++;
      }
      if (task !== 'complete' && half[index] === 'held out') {
        const of = words[one.wrong ? 'wrong' : 'sound'];
        of.all += allWords(task, again).length;
        of.marked += again.unsure;
      }
    }
    for (const [name, { wrong, sound, warned, alarmed }] of Object.entries(counts)) {
      lines.push(`${task}, ${name}: warned of ${shareOf(warned, wrong)} of the wrong results`);
      lines.push(`${task}, ${name}: false alarms in ${shareOf(alarmed, sound)} of the others`);
    }
    for (const [kind, { marked, all }] of Object.entries(words)) {
      if (all > 0) {
        lines.push(
          `${task}, held out: ${shareOf(marked, all)} of the words of ${kind} results are marked`,
        );
      }
    }
    if (changed > 0) {
      lines.push(`${task}: ${changed} results are not those that were judged`);
    }
  }
  return lines;
}
