import type { TextRange } from '../../shared/text';

/**
 * What stands before a line's first word, one after the other: white space, marks of comments
 * (`//`, `#`, `/**`, `*`, `--`, `;`, `%`, `<!--`, `"""`), of quotations, headings and tables (`>`,
 * `##`, `|`), of lists (`-`, `+`, `1.`, `[x]`). Marks that are part of a word as well count only
 * before a space: `-v`, `*emphasis*`.
 */
const MARK =
  /\s+|\/\/[/!]?|\/\*[*!]?|<!--|"""|'''|#+(?=[\s\p{L}])|>+|;+|%+|--(?=\s)|[-+*•‣◦–—|](?=\s)|\d{1,3}[.)](?=\s)|\[[ xX]\](?=\s)/uy;

/** What may stand behind a line's last word. */
const END_MARKS = ['*/', '-->', '"""', "'''", '|'];

/** A mark of a list's item, as the last mark of a line. */
const LIST_MARK = /(?:(?<!-)-|[+•‣◦]|\d{1,3}[.)]|\[[ xX]\])$/u;

/** The words of one line, and what stands before them. */
export interface Line {
  /** From the first word to the last; empty where the line has none. */
  words: TextRange;
  /** Begins an item of a list. */
  item: boolean;
}

/** Finds the words of each line of a text. Line breaks belong to no line. */
export function readLines(text: string): Line[] {
  return Array.from(text.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g), ({ 0: whole, index }) => {
    const line = whole.replace(/[\r\n]+$/, '');
    const start = marksEnd(line);
    const end = marksStart(line);
    const words = line.slice(start, end);
    return {
      words: /\p{L}/u.test(words)
        ? { start: index + start, end: index + end }
        : { start: index, end: index },
      item: LIST_MARK.test(line.slice(0, start).trimEnd()),
    };
  });
}

function marksEnd(line: string): number {
  let end = 0;
  for (;;) {
    MARK.lastIndex = end;
    const match = MARK.exec(line);
    if (match === null) {
      return end;
    }
    end = MARK.lastIndex;
  }
}

function marksStart(line: string): number {
  const words = line.trimEnd();
  const mark = END_MARKS.find((candidate) => words.endsWith(candidate)) ?? '';
  return words.slice(0, words.length - mark.length).trimEnd().length;
}
