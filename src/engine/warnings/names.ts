import type { Lexicon } from '../../library/lexicon';
import { stemOf } from './lostWords';

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

/** Abbreviations that are written like names. */
const ABBREVIATIONS = new Set(['e.g', 'i.e']);

/**
 * Names of a sentence that its translation has not, and Latin words of the translation that come from
 * nowhere. Spaces and hyphens within do not count (`10 MB`, `Wi-Fi`).
 * @param lexicon tells which words of capitals are ordinary words (`NOT`), which may be translated.
 */
export function compareNames(
  source: string,
  result: string,
  lexicon?: Lexicon,
): { missing: string[]; added: string[] } {
  const [there, here] = [source, result].map(plain);
  const isWord = (name: string): boolean =>
    ABBREVIATIONS.has(name.toLowerCase()) ||
    (name === name.toUpperCase() && lexicon?.has(stemOf(name.toLowerCase())) === true);
  const names = LOWER.test(source) ? (source.match(NAME) ?? []) : [];
  const words = result.normalize('NFKC').match(LATIN) ?? [];
  return {
    missing: [...new Set(names)].filter(
      (name) => !isWord(name) && here?.includes(plain(name)) === false,
    ),
    added: [...new Set(words)].filter((word) => there?.includes(plain(word)) === false),
  };
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/[\s-]/g, '');
}
