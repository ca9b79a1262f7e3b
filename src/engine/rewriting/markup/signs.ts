import type { Mark } from './marks';

/**
 * Signs that stand by themselves, which a translation neither loses nor adds: `a = b`, `[optional]`.
 * `&`, `/` and `%` are words of a language as well, and so is punctuation.
 */
const SIGNS = /[=<>#@|^~\\{}$_[\]]+/g;

/** The signs between the marks of a text, in order. */
export function signsBetween(text: string, marks: readonly Mark[]): string[] {
  return [...marks, { start: text.length }].flatMap(
    ({ start }, at) => text.slice(marks[at - 1]?.end ?? 0, start).match(SIGNS) ?? [],
  );
}
