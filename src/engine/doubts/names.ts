/** Behind a letter, a digit or a sign that joins words begins no name. */
const START = String.raw`(?<![\p{L}\p{M}\d_.$@/-])`;

/**
 * Names that every language writes alike: words with capitals within (`GitHub`, `macOS`), words of capitals
 * (`JSON`, the plural `URLs`), words with a dot, a sign or an underline within (`Node.js`, `snake_case`).
 */
const NAME = new RegExp(
  `${START}(?:${[
    String.raw`[A-Za-z]+(?:[._]+[A-Za-z\d]+)+`,
    String.raw`[A-Z]?[a-z\d]+(?:[A-Z]+[a-z\d]*)+`,
    String.raw`[A-Z]{2,}[a-z]+(?:[A-Z]+[a-z]*)*(?<!s)`,
    String.raw`[A-Z]{3,}(?=s?(?![\p{L}\d]))`,
  ].join('|')})`,
  'gu',
);

/** Words of Latin letters, with the digits and signs that names have. */
const LATIN = /[A-Za-z][A-Za-z\d]*(?:[._-]+[A-Za-z\d]+)*/g;

/** A sentence of capitals alone has words where others have names. */
const LOWER = /\p{Ll}{2}/u;

/** Names of a sentence that its translation has not, and Latin words of the translation that come from nowhere. */
export function comparedNames(
  source: string,
  result: string,
): { missing: string[]; added: string[] } {
  const [there, here] = [source, result].map((text) => text.normalize('NFKC').toLowerCase());
  const names = LOWER.test(source) ? (source.match(NAME) ?? []) : [];
  const words = result.normalize('NFKC').match(LATIN) ?? [];
  return {
    missing: [...new Set(names)].filter((name) => here?.includes(name.toLowerCase()) === false),
    added: [...new Set(words)].filter((word) => there?.includes(word.toLowerCase()) === false),
  };
}
