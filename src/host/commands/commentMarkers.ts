import type { TextRange } from '../../shared/text';

/** What comments begin with, alone or one after the other, as in `/**` and a `*` on the next line. */
const OPENING = /^\s*(?:(?:\/\/+!?|\/\*+|\*(?!\/)|#+|--+|;+|%+|<!--)\s+)*/;

/** What every line of a comment begins with, such as `  // ` and ` * `. */
const LINE_MARK = /^\s*(?:\/\/+!?|#+|--+|;+|%+|\*)\s+$/;

/**
 * Puts a prefix in front of each line of a text but the first; lines do not end with the prefix's blanks.
 */
export function withLinePrefix(text: string, mark: string): string {
  return text.replaceAll('\n', `\n${mark}`).replaceAll(`\n${mark}\n`, `\n${mark.trimEnd()}\n`);
}

/**
 * Moves words of a text that came in pieces to their places after each piece went through
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
 * The prefix that further lines need to stay in the same comment; empty if `before` is no comment marker.
 * @param before what stands before the words on their line.
 */
export function commentLinePrefix(before: string): string {
  return LINE_MARK.test(before) ? before : '';
}

const CLOSINGS = ['*/', '-->'];

/**
 * The words of a comment, without the blanks around them and the markers that open and close it, so that
 * other words can replace them.
 */
export function withinComment(text: string): TextRange {
  const start = OPENING.exec(text)?.[0].length ?? 0;
  const trimmed = text.trimEnd();
  const closing = CLOSINGS.find((mark) => trimmed.endsWith(mark)) ?? '';
  const words = trimmed.slice(0, trimmed.length - closing.length).trimEnd();
  return { start, end: Math.max(start, words.length) };
}
