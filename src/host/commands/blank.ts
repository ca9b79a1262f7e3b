import type { TextRange } from '../../shared/text';
import { paragraphAround } from './paragraph';

/** The lines of a document. */
export interface DocumentLines {
  count: number;
  /** A line's text without its line end. */
  at(line: number): string;
}

/** A position in a document: line and UTF-16 unit within it, as in the editor. */
export interface Position {
  line: number;
  character: number;
}

/** A part of a line that a model shall fill, with the text around it. */
export interface Blank {
  line: number;
  /** UTF-16 units of the line. */
  columns: TextRange;
  /** What the model is shown: the paragraph, its lines joined by line feeds. */
  context: string;
  /** Where the blank is in the context. */
  inContext: TextRange;
}

/** How users write a blank, whatever the model's own token for it is. */
const MASK = /\[MASK\]/gi;

/** What of the paragraph a model is shown on either side; more than small models can read. */
const MOST_CONTEXT = 4000;

/**
 * Finds the blank that a selection is about: a `[MASK]` that it touches; or the selected word; or,
 * where nothing is selected, the nearest `[MASK]` of the line, else the word at the cursor.
 * @param word the word at the cursor, as the document's language has words.
 * @returns nothing where there is neither.
 */
export function findBlank(
  lines: DocumentLines,
  { start, end }: { start: Position; end: Position },
  word?: TextRange,
): Blank | undefined {
  for (let line = start.line; line <= end.line; line++) {
    const text = lines.at(line);
    const from = line === start.line ? start.character : 0;
    const to = line === end.line ? end.character : text.length;
    const touched = masksOf(text).find((mask) => mask.start <= to && mask.end >= from);
    if (touched) {
      return blank(lines, line, touched);
    }
  }
  if (start.line !== end.line) {
    return undefined;
  }
  const { line } = start;
  const columns =
    start.character === end.character
      ? (nearest(masksOf(lines.at(line)), start.character) ?? word)
      : selectedWord(lines.at(line), start.character, end.character);
  return columns && blank(lines, line, columns);
}

function masksOf(text: string): TextRange[] {
  return Array.from(text.matchAll(MASK), ({ 0: mask, index }) => ({
    start: index,
    end: index + mask.length,
  }));
}

function nearest(masks: readonly TextRange[], character: number): TextRange | undefined {
  const distance = ({ start, end }: TextRange): number =>
    Math.max(start - character, character - end);
  return masks.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** A selection without the blanks around it, if that is one word: a model fills in one token. */
function selectedWord(text: string, from: number, to: number): TextRange | undefined {
  const selected = text.slice(from, to);
  const word = selected.trim();
  const start = from + selected.indexOf(word);
  return word === '' || /\s/.test(word) ? undefined : { start, end: start + word.length };
}

function blank(lines: DocumentLines, line: number, columns: TextRange): Blank {
  const { first, last } = paragraphAround(line, lines.count, (index) => lines.at(index)) ?? {
    first: line,
    last: line,
  };
  const paragraph = Array.from({ length: last - first + 1 }, (_, index) => lines.at(first + index));
  const before = paragraph.slice(0, line - first).reduce((sum, { length }) => sum + length + 1, 0);
  const text = paragraph.join('\n');
  const start = before + columns.start;
  const end = before + columns.end;
  const cut = Math.max(0, start - MOST_CONTEXT);
  return {
    line,
    columns,
    context: text.slice(cut, end + MOST_CONTEXT),
    inContext: { start: start - cut, end: end - cut },
  };
}
