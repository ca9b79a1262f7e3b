import type { TextFormat } from '../../../shared/textToText';
import type { TextRange } from '../../../shared/text';
import { readLines, type Line } from '../lines';
import { findLiterals } from './literals';
import { inOrder, marksIn, type Mark } from './marks';
import { documentMarks, inlineMarks } from './syntax';

/** Which parts of a text are words to be translated, and which are copied. */
export interface Markup {
  lines: Line[];
  /** In order; they do not overlap. */
  marks: Mark[];
}

/**
 * Finds the words of a text. A Markdown document is parsed as such; any other text is read line by line, with
 * inline Markdown within the lines only, as documentation comments have it.
 * @param labels of links that a document defines outside of the text.
 */
export function readMarkup(
  text: string,
  format: TextFormat,
  labels: readonly string[] = [],
): Markup {
  return format === 'plain' ? readPlain(text) : readDocument(text, format, labels);
}

function readDocument(text: string, format: TextFormat, labels: readonly string[]): Markup {
  const marks = withLiterals(text, inOrder(documentMarks(text, format, labels)), {
    start: 0,
    end: text.length,
  });
  const lines: Line[] = [];
  /** Whether the line before ended with a tag, behind which begins a paragraph. */
  let begins = false;
  for (const { 0: whole, index } of text.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g)) {
    const line = { start: index, end: index + whole.replace(/[\r\n]+$/, '').length };
    const blocks = marksIn(marks, line).filter(({ role }) => role === 'block');
    // A heading, an item and a cell are paragraphs of their own; a quotation goes on.
    const item = blocks.some(
      (block) => !isTag(text, block) && text.slice(block.start, block.end) !== '>',
    );
    const words = stretchesBetween(text, line, blocks, marks).map(({ behind, ...range }) => ({
      words: range,
      item: item || (behind === undefined ? begins : isTag(text, behind)),
    }));
    begins = endsWithTag(text, line, blocks);
    lines.push(
      ...(words.length === 0 ? [{ words: { start: index, end: index }, item: false }] : words),
    );
  }
  return { lines, marks };
}

function isTag(text: string, { start }: Mark): boolean {
  return text.charAt(start) === '<';
}

function endsWithTag(text: string, line: TextRange, blocks: readonly Mark[]): boolean {
  const last = blocks.at(-1);
  return last !== undefined && isTag(text, last) && text.slice(last.end, line.end).trim() === '';
}

/** The stretches of a line between marks of blocks that have words, each with the block that it is behind. */
function stretchesBetween(
  text: string,
  line: TextRange,
  blocks: readonly Mark[],
  marks: readonly Mark[],
): (TextRange & { behind?: Mark })[] {
  return [...blocks, { start: line.end, end: line.end }]
    .map(({ start }, at) => {
      const behind = blocks[at - 1];
      const stretch = trimmed(text, { start: behind?.end ?? line.start, end: start });
      return { ...stretch, ...(behind && { behind }) };
    })
    .filter((stretch) => hasWords(text, stretch, marks));
}

function trimmed(text: string, { start, end }: TextRange): TextRange {
  const part = text.slice(start, end);
  const first = start + part.length - part.trimStart().length;
  return { start: first, end: Math.max(first, start + part.trimEnd().length) };
}

/** Whether a stretch has a letter outside of its marks. */
function hasWords(text: string, range: TextRange, marks: readonly Mark[]): boolean {
  return wordsBetween(text, range, marksIn(marks, range)).length > 0;
}

/** The stretches between marks that have words, without the space around them. */
export function wordsBetween(text: string, range: TextRange, marks: readonly Mark[]): TextRange[] {
  return [...marks, { start: range.end, end: range.end }]
    .map(({ start }, at) => trimmed(text, { start: marks[at - 1]?.end ?? range.start, end: start }))
    .filter(({ start, end }) => /\p{L}/u.test(text.slice(start, end)));
}

function readPlain(text: string): Markup {
  const lines: Line[] = [];
  const marks: Mark[] = [];
  let fence = '';
  let begins = false;
  for (const { words, item } of readLines(text)) {
    const lineEnd = /[\r\n]|$/.exec(text.slice(words.start, words.start + LONGEST_FENCE));
    const line = text.slice(words.start, words.start + (lineEnd?.index ?? 0));
    const [mark = ''] = /(?<![^\s*/#>-])(?:`{3,}|~{3,})/.exec(line) ?? [];
    const fenced: boolean = fence !== '' || mark !== '';
    if (fence === '') {
      fence = mark;
    } else if (mark.startsWith(fence)) {
      fence = '';
    }
    const nothing = { start: words.start, end: words.start };
    if (fenced) {
      marks.push({ start: words.start, end: Math.max(words.end, nothing.end), role: 'block' });
      lines.push({ words: nothing, item: false });
      continue;
    }
    const own = readInline(text, words, 'plain');
    const tags = own.filter((mark) => mark.role === 'block' && isTag(text, mark));
    const stretches = stretchesBetween(text, words, tags, own).map(({ behind, ...range }) => ({
      words: range,
      item: item || begins || behind !== undefined,
    }));
    begins = endsWithTag(text, words, tags);
    lines.push(...(stretches.length === 0 ? [{ words: nothing, item }] : stretches));
    marks.push(...own);
  }
  return { lines, marks: marks.filter(({ start, end }) => start < end) };
}

/** The marks of running text, in order. */
export function readInline(text: string, range: TextRange, format: TextFormat): Mark[] {
  const found = inlineMarks(text, range, format);
  const own = format === 'plain' ? withoutNames(text, found) : found;
  return withLiterals(text, inOrder(own), range);
}

/** Longer lines of a fence's mark are none. */
const LONGEST_FENCE = 200;

/** Outside of documents `__init__` and `[optional]` are what they are. */
function withoutNames(text: string, marks: readonly Mark[]): Mark[] {
  const names = marks.filter(({ start, end }) => /^(?:_+|\])$/.test(text.slice(start, end)));
  const pairs = new Set(names.map(({ pair }) => pair));
  return marks.filter(({ pair }) => pair === undefined || !pairs.has(pair));
}

/** Marks together with the addresses, placeholders and names between them. */
function withLiterals(text: string, marks: readonly Mark[], { start, end }: TextRange): Mark[] {
  const all: Mark[] = [];
  let from = start;
  const addUpTo = (to: number): void => {
    if (from < to) {
      for (const literal of findLiterals(text, { start: from, end: to })) {
        all.push({ ...literal, role: 'whole' });
      }
    }
  };
  for (const mark of marks) {
    addUpTo(mark.start);
    all.push(mark);
    from = mark.end;
  }
  addUpTo(end);
  return all;
}
