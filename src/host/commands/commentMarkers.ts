import type { TextRange } from '../../shared/text';

/** What comments begin with, alone or one after the other, as in `/**` and a `*` on the next line. */
const OPENING = /^\s*(?:(?:\/\/+!?|\/\*+|\*(?!\/)|#+|--+|;+|%+|<!--)\s+)*/;

/** What every line of a comment begins with, such as `  // ` and ` * `. */
const LINE_MARK = /^\s*(?:\/\/+!?|#+|--+|;+|%+|\*)\s+$/;

/** Puts a mark in front of each further line of a text; none of its blanks ends a line. */
export function withLinePrefix(text: string, mark: string): string {
  return text.replaceAll('\n', `\n${mark}`).replaceAll(`\n${mark}\n`, `\n${mark.trimEnd()}\n`);
}

/**
 * Words of a text that comes in pieces, with their places in it once each piece went through
 * {@link withLinePrefix}.
 * @param words with their places in the pieces as they came, joined.
 */
export function wordsWithLinePrefix<T extends TextRange>(
  pieces: readonly string[],
  words: readonly T[],
  mark: string,
): T[] {
  const place = (offset: number): number => {
    let left = offset;
    let length = 0;
    for (const piece of pieces) {
      length += withLinePrefix(piece.slice(0, left), mark).length;
      left -= Math.min(left, piece.length);
    }
    return length;
  };
  return words.map((word) => ({ ...word, start: place(word.start), end: place(word.end) }));
}

/**
 * What further lines have to begin with, so that words which begin behind this stay in their comment;
 * empty where that is nothing.
 * @param before what stands before the words on their line.
 */
export function commentLinePrefix(before: string): string {
  return LINE_MARK.test(before) ? before : '';
}

const CLOSINGS = ['*/', '-->'];

/**
 * The part of a text that is its words: blanks around it and the marks that open and close a comment
 * stay outside, so that other words can take the place of these.
 */
export function withinComment(text: string): TextRange {
  const start = OPENING.exec(text)?.[0].length ?? 0;
  const trimmed = text.trimEnd();
  const closing = CLOSINGS.find((mark) => trimmed.endsWith(mark)) ?? '';
  const words = trimmed.slice(0, trimmed.length - closing.length).trimEnd();
  return { start, end: Math.max(start, words.length) };
}
