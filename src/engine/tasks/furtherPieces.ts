import type { TextRange } from '../../shared/text';
import { splitSentences, DEFAULT_LANGUAGE } from '../textToText/sentences';

/** Blank lines, which end a paragraph. */
const BLANK_LINES = /(?:\r?\n[^\S\n]*){2,}/g;

/** Ends of lines that the same sentence goes on behind. */
const WRAPPED = /\r?\n(?=[^\S\n]*\p{Ll})/gu;

/** A line without the blanks around it. */
const LINE = /[^\s](?:[^\r\n]*[^\s])?/g;

/** A piece with no letter or digit says nothing. */
const WORDS = /[\p{L}\p{N}]/u;

/**
 * Pieces of texts, each of whole sentences: as many as fit into a length, at least one. A sentence that
 * is longer is taken line by line, for code has lines and no sentences. What is left over and shorter
 * than a third of the length is left out.
 * @param length in UTF-16 units.
 */
export function furtherPieces(texts: readonly string[], length: number): string[] {
  return texts.flatMap((text) => {
    const pieces: TextRange[] = [];
    for (const { start, end } of sentencesOf(text).flatMap(linesIfLong(text, length))) {
      const last = pieces.at(-1);
      if (last !== undefined && end - last.start <= length) {
        last.end = end;
      } else {
        pieces.push({ start, end });
      }
    }
    return pieces
      .map(({ start, end }) => text.slice(start, end))
      .filter((piece) => piece.length >= length / 3 && WORDS.test(piece));
  });
}

/** Makes lines of a sentence that does not fit. */
function linesIfLong(text: string, length: number): (sentence: TextRange) => TextRange[] {
  return (sentence) => {
    const { start, end } = sentence;
    return end - start <= length
      ? [sentence]
      : Array.from(text.slice(start, end).matchAll(LINE), ({ index, 0: line }) => ({
          start: start + index,
          end: start + index + line.length,
        }));
  };
}

/** The sentences of all paragraphs. */
function sentencesOf(text: string): TextRange[] {
  const borders = Array.from(text.matchAll(BLANK_LINES), ({ index, 0: blank }) => ({
    end: index,
    next: index + blank.length,
  }));
  const unwrapped = text.replace(WRAPPED, (lineEnd) => ' '.repeat(lineEnd.length));
  return [...borders, { end: text.length, next: text.length }].flatMap(({ end }, paragraph) =>
    splitSentences(unwrapped, { start: borders[paragraph - 1]?.next ?? 0, end }, DEFAULT_LANGUAGE),
  );
}
