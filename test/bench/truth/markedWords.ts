import type { Judged, JudgedTask, Rerun } from '../../support/judged';
import { allWords } from './fitWordLimit';
import { shareOf } from './wilson';

/** Words of one kind, and how many of them are marked as unsure. */
interface Counted {
  all: number;
  marked: number;
}

/**
 * Counts which words are marked as unsure: those that a judge named as wrong, the others of the same
 * results, and those of sound results, the first apart.
 */
export class MarkedWords {
  private readonly counts = new Map<string, Counted>();

  constructor(private readonly task: JudgedTask) {}

  add({ wrong, wrongWords = [] }: Judged, again: Rerun): void {
    const spans = wrongWords.map((part) => {
      const start = again.result.indexOf(part);
      return { start, end: start + part.length };
    });
    for (const { start, end, isFirst } of allWords(this.task, again)) {
      const isWrong = spans.some((span) => start < span.end && end > span.start);
      const isMarked = again.unsure.some((word) => word.start === start);
      const kinds =
        wrong === true
          ? [
              this.task === 'complete'
                ? 'wrong results'
                : isWrong
                  ? 'what is wrong'
                  : 'wrong results, of the rest',
            ]
          : ['sound results', ...(isFirst ? ['what sound results begin with'] : [])];
      for (const kind of kinds) {
        const counted = this.counts.get(kind) ?? { all: 0, marked: 0 };
        counted.all++;
        counted.marked += isMarked ? 1 : 0;
        this.counts.set(kind, counted);
      }
    }
  }

  /** For each kind of words, the share that is marked. */
  lines(): string[] {
    return [...this.counts].map(
      ([kind, { marked, all }]) => `words of ${kind}: ${shareOf(marked, all)} are marked`,
    );
  }
}
