import type { TextRange } from '../../../shared/text';
import type { Mark } from './marks';

/** A sentence as a list of words, copied pieces, and words with marks around them. */
export type Template = TemplateItem[];

/** Alternative templates of one sentence; the first that works is used. */
export type Templates = readonly [Template, ...Template[]];

export type TemplateItem =
  | { kind: 'words'; text: string }
  | { kind: 'whole'; text: string }
  | { kind: 'pair'; open: string; close: string; inner: Template };

/**
 * A text of the same length for finding sentences, with marks of role `whole` replaced by letters and pairs
 * by brackets.
 */
export function maskedText(
  text: string,
  { start, end }: TextRange,
  marks: readonly Mark[],
): string {
  const fill = { block: ' ', whole: 'X', open: '(', close: ')' };
  const parts = marks.map((mark, at) => {
    const before = text.slice(marks[at - 1]?.end ?? start, mark.start);
    return before + fill[mark.role].repeat(mark.end - mark.start);
  });
  return parts.join('') + text.slice(marks.at(-1)?.end ?? start, end);
}

/** Marks that may as well stand outside of the sentence that they begin or end. */
const OUTSIDE = /^(?:<|!\[|\[\^)/;

/** A sentence without the marks around it, which are copied, and the marks within it. */
export function withoutOuterMarks(
  text: string,
  sentence: TextRange,
  marks: readonly Mark[],
): { range: TextRange; within: Mark[] } {
  let { start, end } = sentence;
  let within = marks.filter((mark) => mark.start >= start && mark.end <= end);
  for (;;) {
    const [first] = within;
    const last = within.at(-1);
    if (first === undefined || last === undefined) {
      break;
    }
    const begins = first.start === start;
    const ends = last.end === end;
    if (begins && ends && first !== last && first.pair !== undefined && first.pair === last.pair) {
      start = first.end;
      end = last.start;
      within = within.slice(1, -1);
    } else if (begins && canLeave(text, first, within)) {
      start = first.end;
      within = within.slice(1);
    } else if (ends && canLeave(text, last, within)) {
      end = last.start;
      within = within.slice(0, -1);
    } else {
      break;
    }
    const part = text.slice(start, end);
    start += part.length - part.trimStart().length;
    end = Math.max(start, end - (part.length - part.trimEnd().length));
  }
  return { range: { start, end }, within };
}

function canLeave(text: string, mark: Mark, within: readonly Mark[]): boolean {
  const half =
    mark.pair !== undefined && within.every((one) => one === mark || one.pair !== mark.pair);
  return half || (mark.role === 'whole' && OUTSIDE.test(text.slice(mark.start, mark.end)));
}

/** What joins two pieces into one, as in `{host}:{port}`. */
const LINK = /^[^\s\p{L}\p{N}]{1,3}$/u;

/** Builds the template of a part of a text from the marks within it. */
export function templateOf(text: string, range: TextRange, marks: readonly Mark[]): Template {
  const items: Template = [];
  const whole = (piece: string): void => {
    const last = items.at(-1);
    const between = last?.kind === 'words' && LINK.test(last.text) ? items.pop() : undefined;
    const before = items.at(-1);
    if (before?.kind === 'whole') {
      // What touches goes together.
      const link = between?.kind === 'words' ? between.text : '';
      items[items.length - 1] = { kind: 'whole', text: before.text + link + piece };
    } else {
      items.push(...(between === undefined ? [] : [between]));
      items.push({ kind: 'whole', text: piece });
    }
  };
  let from = range.start;
  const words = (to: number): void => {
    if (from < to) {
      items.push({ kind: 'words', text: text.slice(from, to) });
    }
  };
  for (let at = 0; at < marks.length; at++) {
    const mark = marks[at] as Mark;
    words(mark.start);
    from = mark.end;
    const partner =
      mark.role === 'open'
        ? marks.findIndex((one, index) => index > at && one.pair === mark.pair)
        : -1;
    const close = marks[partner];
    if (close === undefined) {
      whole(text.slice(mark.start, mark.end));
    } else {
      const inside = { start: mark.end, end: close.start };
      items.push(
        around(
          text.slice(mark.start, mark.end),
          templateOf(text, inside, marks.slice(at + 1, partner)),
          text.slice(close.start, close.end),
        ),
      );
      from = close.end;
      at = partner;
    }
  }
  words(range.end);
  return items;
}

/** Marks around a template; with those of a pair that is all of it they are one pair. */
function around(open: string, inner: Template, close: string): TemplateItem {
  const [only] = inner;
  return inner.length === 1 && only?.kind === 'pair'
    ? { ...only, open: open + only.open, close: only.close + close }
    : { kind: 'pair', open, close, inner };
}

/** The text that a template was made of. */
export function templateSource(template: Template): string {
  return template
    .map((item) =>
      item.kind === 'pair' ? item.open + templateSource(item.inner) + item.close : item.text,
    )
    .join('');
}

/** The words of a template alone. */
export function templateWords(template: Template): string {
  return template
    .map((item) =>
      item.kind === 'pair' ? templateWords(item.inner) : item.kind === 'words' ? item.text : '',
    )
    .join('');
}
