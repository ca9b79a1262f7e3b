import type { TextRange } from '../../../shared/text';

/**
 * A stretch of a text that is copied and never translated. One that stands for itself is `whole`: a
 * code span, an address, a placeholder. The two marks of a `pair` surround words, as `**` does and
 * what a link has before and behind its text. A `block` ends a sentence: the marks of headings,
 * lists, quotations and cells, fenced code, tags of paragraphs and the like.
 */
export interface Mark extends TextRange {
  role: 'block' | 'whole' | 'open' | 'close';
  /** The same number for the two marks of a pair. */
  pair?: number;
}

/** Marks in the order of the text; of two that overlap the one that begins first, and the longer. */
export function inOrder(marks: readonly Mark[]): Mark[] {
  const sorted = marks.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const kept: Mark[] = [];
  const hidden = new Set<number>();
  let end = 0;
  for (const mark of sorted) {
    if (mark.start >= end) {
      kept.push(mark);
      end = mark.end;
    } else if (mark.pair !== undefined) {
      hidden.add(mark.pair);
    }
  }
  // Half a pair stands for itself.
  return kept.map((mark) =>
    mark.pair !== undefined && hidden.has(mark.pair)
      ? { start: mark.start, end: mark.end, role: 'whole' }
      : mark,
  );
}

/**
 * The marks in a part of a text, which may be cut: half a mark is one of a pair without a partner.
 * @param marks in order.
 */
export function marksIn(marks: readonly Mark[], { start, end }: TextRange): Mark[] {
  const found: Mark[] = [];
  for (let at = firstBehind(marks, start); at < marks.length; at++) {
    const mark = marks[at] as Mark;
    if (mark.start >= end) {
      break;
    }
    const part = { start: Math.max(start, mark.start), end: Math.min(end, mark.end) };
    const isCut = part.start > mark.start || part.end < mark.end;
    found.push(
      isCut && mark.role !== 'block'
        ? { ...part, role: 'open', pair: -1 - at }
        : { ...mark, ...part },
    );
  }
  return found;
}

/** Index of the first mark that ends behind a place. */
function firstBehind(marks: readonly Mark[], place: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks[middle] as Mark).end > place) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/**
 * Marks of a part of a text, together with what a pattern finds between them as marks that stand for
 * themselves.
 * @param pattern with the flag `g`.
 */
export function withMatches(
  text: string,
  { start, end }: TextRange,
  marks: readonly Mark[],
  pattern: RegExp,
): Mark[] {
  const all: Mark[] = [];
  const addUpTo = (from: number, to: number): void => {
    for (const { 0: found, index } of text.slice(from, to).matchAll(pattern)) {
      all.push({ start: from + index, end: from + index + found.length, role: 'whole' });
    }
  };
  let from = start;
  for (const mark of marks) {
    addUpTo(from, mark.start);
    all.push(mark);
    from = mark.end;
  }
  addUpTo(from, end);
  return all;
}
