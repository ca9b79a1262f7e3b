import { toRegExpDetails } from 'oniguruma-to-es';
import { Failure, phrase } from '../shared/failure';
import { TOKENIZER_FILE, type Pattern } from './schema';

/**
 * Makes a global regular expression of a pattern of tokenizer.json: of a text that is meant as it
 * stands, or of an expression in the syntax of Oniguruma, by which the package `tokenizers` matches.
 *
 * The two differ in more than their signs. In Oniguruma `$` matches before every line break, `++`
 * takes what it can and gives nothing back, but `{1,3}+` repeats; `\s`, `\w` and `\d` mean what
 * Unicode says; and `(?i:…)` counts for a part of the pattern.
 *
 * @param part  the part of tokenizer.json that has the pattern, e.g. `normalizer`
 * @throws Failure `unsupported` that names the pattern, where JavaScript has nothing like it
 */
export function compilePattern(pattern: Pattern, part: string): RegExp {
  if ('String' in pattern) {
    return new RegExp(escapeRegExp(pattern.String), 'gu');
  }
  try {
    refuseLongFolds(pattern.Regex);
    const { pattern: source, flags } = toRegExpDetails(withWordClasses(pattern.Regex), {
      accuracy: 'strict',
      avoidSubclass: true,
      global: true,
      target: 'ES2024',
    });
    return new RegExp(source, flags);
  } catch (error) {
    const reason =
      error instanceof RangeError
        ? 'it is nested too deeply'
        : error instanceof Error
          ? error.message
          : String(error);
    throw new Failure(
      {
        kind: 'unsupported',
        what: phrase(
          'The tokenizer’s {0} has the pattern “{1}”, which cannot be used here: {2}',
          part,
          pattern.Regex.slice(0, SHOWN),
          reason,
        ),
        where: TOKENIZER_FILE,
        remedy: phrase('choose another model'),
      },
      { cause: error },
    );
  }
}

/**
 * Oniguruma's word characters, which the converter takes for all of `\p{N}`. Outside of brackets they
 * are looked up in a table that has six numbers more.
 */
function withWordClasses(source: string): string {
  const inBrackets = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}`;
  let depth = 0;
  return source.replace(/\\[^]|[[\]]/g, (part) => {
    depth = Math.max(0, depth + (part === '[' ? 1 : part === ']' ? -1 : 0));
    const characters = depth > 0 ? inBrackets : `${inBrackets}¹²³¼½¾`;
    return part === '\\w' ? `[${characters}]` : part === '\\W' ? `[^${characters}]` : part;
  });
}

/** Without regard to case, Oniguruma takes `ß` for `ss`: one character for two. */
function refuseLongFolds(source: string): void {
  const long = /\(\?[a-zA-Z]*i/.test(source)
    ? Array.from(source).find((character) => character.toUpperCase().length > character.length)
    : undefined;
  if (long !== undefined) {
    throw new Error(`“${long}” without regard to case`);
  }
}

/** Characters of a pattern that a message shows: most of those of published models whole. */
const SHOWN = 200;

/** The characters that mean something in a regular expression are preceded by a backslash. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
