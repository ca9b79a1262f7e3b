import type { TextRange } from '../../../shared/text';
import { withMatches, type Mark } from './marks';

/** Behind a letter or a digit begins no figure: `w3`. */
const START = String.raw`(?<![\p{Script=Latin}\d_])`;

/** A name with digits: `E001`, `UTF-8`, `mp3`. */
const NAME = String.raw`(?:[A-Z]+-?|[A-Za-z]{2,})\d[A-Za-z\d]*`;

/** Fractions that are one character: `½`. */
const FRACTION = '[\u00bc-\u00be\u2150-\u215e\u2189]';

/**
 * One number: in hexadecimal, a date, or digits with a dot, a comma or a colon between some of them, with a
 * fraction behind them or without; a fraction by itself, also as NFKC writes it with U+2044; and the percent
 * sign behind it.
 */
const NUMBER = String.raw`0x[\dA-Fa-f]+|\d{4}-\d\d-\d\d|(?:\d+\u2044\d+|\d+(?:[.,:]\d+)*${FRACTION}?|${FRACTION})(?:\s?%)?`;

/** A percent sign apart from a number, as behind a placeholder. */
const PERCENT = '%';

/** A stretch that is normalized: of a fraction normalization makes several characters. */
const NO_FRACTIONS = new RegExp(`(?:(?!${FRACTION})[^])+`, 'gu');

const FIGURE = new RegExp(`${START}(?:${NAME}|${NUMBER})|${PERCENT}`, 'gu');

/**
 * A figure with the letters that it is written with: `10MB`, `UTF-8`, `3rd`, `50 %`, `1½`,
 * `2024-01-02`.
 */
const FIGURE_WORD = new RegExp(
  String.raw`(?<![A-Za-z\d])(?:[A-Za-z]+-?)?\d[A-Za-z\d]*(?:[.,:/-]\d[A-Za-z\d]*)*${FRACTION}?(?:\s?%)?|${FRACTION}(?:\s?%)?|${PERCENT}`,
  'g',
);

/**
 * What of the words of a text a translation must have as well: numbers without their units, names
 * with digits, and percent signs.
 */
export function numbersIn(words: string): string[] {
  // Digits of full width are digits, too; fractions would become two numbers.
  return words.replace(NO_FRACTIONS, (part) => part.normalize('NFKC')).match(FIGURE) ?? [];
}

/** What is left of words without their figures. */
export function withoutNumbers(words: string): string {
  return words.replace(FIGURE, '');
}

/** How a figure is compared: languages differ in what they put before decimals and percent signs. */
export function comparableNumber(figure: string): string {
  return figure.normalize('NFKC').replaceAll(',', '.').replace(/\s/g, '');
}

/** Marks of a part of a text, together with its figures as marks that stand for themselves. */
export function withNumberMarks(text: string, range: TextRange, marks: readonly Mark[]): Mark[] {
  return withMatches(text, range, marks, FIGURE_WORD);
}
