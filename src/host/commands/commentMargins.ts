import type { TextRange } from '../../shared/text';

/** What comments begin with, alone or one after the other, as in `/**` and a `*` on the next line. */
const OPENING = /^\s*(?:(?:\/\/+!?|\/\*+|\*(?!\/)|#+|--+|;+|%+|<!--)\s+)*/;

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
