import type { TextRange } from '../../../shared/text';
import type { Mark } from './marks';

/**
 * What counts as one number: one in hexadecimal, a date, or digits with a dot, a comma or a colon
 * between some of them. Digits behind letters are a part of a name: `mp3`.
 */
const NUMBER = /(?<![\p{Script=Latin}\d_])(?:0x[\da-f]+|\d{4}-\d\d-\d\d|\d+(?:[.,:]\d+)*)/giu;

/** A number with the letters that it is written with: `10MB`, `UTF-8`, `3rd`, `2024-01-02`. */
const NUMBER_WORD = /(?<![A-Za-z\d])(?:[A-Za-z]+-?)?\d[A-Za-z\d]*(?:[.,:/-]\d[A-Za-z\d]*)*/g;

/** The numbers in the words of a text, without their units. */
export function numbersOf(words: string): string[] {
  // Digits of full width are digits, too.
  return words.normalize('NFKC').match(NUMBER) ?? [];
}

/** How a number is compared: languages differ in what they put before decimals. */
export function comparable(number: string): string {
  return number.replaceAll(',', '.');
}

/** Marks of a part of a text, together with its numbers as marks that stand for themselves. */
export function withNumbers(
  text: string,
  { start, end }: TextRange,
  marks: readonly Mark[],
): Mark[] {
  const all: Mark[] = [];
  const addUpTo = (from: number, to: number): void => {
    for (const { 0: found, index } of text.slice(from, to).matchAll(NUMBER_WORD)) {
      all.push({ start: from + index, end: from + index + found.length, role: 'whole' });
    }
  };
  let from = start;
  for (const mark of marks) {
    addUpTo(from, mark.start);
    all.push(mark);
    from = mark.end;
  }
  addUpTo(from, end);
  return all;
}
