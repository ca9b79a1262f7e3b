import type { TextRange } from '../../../shared/text';
import { withMatches, type Mark } from './marks';

/** No number begins behind a letter, a digit or an underscore: `w3`. */
const START = String.raw`(?<![\p{Script=Latin}\d_])`;

/** A name with digits: `E001`, `UTF-8`, `mp3`. */
const NAME = String.raw`(?:[A-Z]+-?|[A-Za-z]{2,})\d[A-Za-z\d]*`;

/** Fractions that are one character: `½`. */
const FRACTION = '[\u00bc-\u00be\u2150-\u215e\u2189]';

/**
 * A hexadecimal number; a date; digits, which may have dots, commas or colons between them and a fraction
 * behind them; or a fraction alone, also as NFKC writes it with U+2044. All but the first two may have a
 * percent sign behind them.
 */
const NUMBER = String.raw`0x[\dA-Fa-f]+|\d{4}-\d\d-\d\d|(?:\d+\u2044\d+|\d+(?:[.,:]\d+)*${FRACTION}?|${FRACTION})(?:\s?%)?`;

/** A percent sign apart from a number, as behind a placeholder. */
const PERCENT = '%';

/** A stretch without fraction characters, which normalization would turn into several characters. */
const NO_FRACTIONS = new RegExp(`(?:(?!${FRACTION})[^])+`, 'gu');

const NUMBER_OR_NAME = new RegExp(`${START}(?:${NAME}|${NUMBER})|${PERCENT}`, 'gu');

/**
 * A number with the letters attached to it: `10MB`, `UTF-8`, `3rd`, `50 %`, `1½`,
 * `2024-01-02`.
 */
const NUMBER_WORD = new RegExp(
  String.raw`(?<![A-Za-z\d])(?:[A-Za-z]+-?)?\d[A-Za-z\d]*(?:[.,:/-]\d[A-Za-z\d]*)*${FRACTION}?(?:\s?%)?|${FRACTION}(?:\s?%)?|${PERCENT}`,
  'g',
);

/**
 * What a translation must have in common with the words of its source: numbers without their units, names
 * with digits, and percent signs.
 */
export function numbersIn(words: string): string[] {
  // NFKC turns full-width digits into digits; it would also split fractions, which are left out.
  return words.replace(NO_FRACTIONS, (part) => part.normalize('NFKC')).match(NUMBER_OR_NAME) ?? [];
}

/** Words without their numbers. */
export function withoutNumbers(words: string): string {
  return words.replace(NUMBER_OR_NAME, '');
}

/** A number in a form that can be compared: languages differ in decimal signs and in the space before `%`. */
export function comparableNumber(number: string): string {
  return number.normalize('NFKC').replaceAll(',', '.').replace(/\s/g, '');
}

/** The marks of a part of a text, with its numbers added as marks of role `whole`. */
export function withNumberMarks(text: string, range: TextRange, marks: readonly Mark[]): Mark[] {
  return withMatches(text, range, marks, NUMBER_WORD);
}
