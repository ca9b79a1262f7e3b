/**
 * Signs that stand by themselves, which a translation neither loses nor adds: `a = b`, `[optional]`.
 * A translation that has a word for `&` or `/` may be a good one, but is another text. Other
 * punctuation differs between languages, and is looked at only where it is that of programs: `a::b`,
 * `"key":`, `call("…`. Percent signs are figures.
 */
const SIGNS = /[=<>#@|^~\\{}$_[\]&/]+|:{2,}|(?<=\w)"(?=:)|(?<=\w)\("/g;

/** The signs in the words of a text, in order. */
export function symbolsIn(words: string): string[] {
  return words.match(SIGNS) ?? [];
}
