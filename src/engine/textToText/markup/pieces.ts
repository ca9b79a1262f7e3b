import type { TextToTextResult, TextFormat } from '../../../shared/textToText';
import type { SourceText } from '../plan';
import { readInline, readMarkup, wordsBetween } from './document';
import type { Mark } from './marks';
import { comparableNumber, numbersIn } from './numbers';
import { symbolsIn } from './symbols';

/** The marks of a text, which must come out unchanged and equally often. */
export function piecesOf(text: string, format: TextFormat): string[] {
  return textsOf(text, readMarkup(text, format).marks);
}

/** The same of a sentence, which has no blocks. */
export function piecesOfSentence(text: string, format: TextFormat): string[] {
  return textsOf(text, readInline(text, { start: 0, end: text.length }, format));
}

/** A sentence without these: its words. */
export function wordsOfSentence(text: string, format: TextFormat): string {
  const whole = { start: 0, end: text.length };
  return wordsBetween(text, whole, readInline(text, whole, format))
    .map(({ start, end }) => text.slice(start, end))
    .join(' ');
}

/** A sentence with a space in place of each mark. */
function betweenMarks(text: string, format: TextFormat): string {
  const marks = readInline(text, { start: 0, end: text.length }, format);
  return [...marks, { start: text.length }]
    .map(({ start }, at) => text.slice(marks[at - 1]?.end ?? 0, start))
    .join(' ');
}

function textsOf(text: string, marks: readonly Mark[]): string[] {
  return marks
    .map(({ start, end }) => text.slice(start, end).trim())
    .filter((piece) => piece !== '');
}

/** Which marks and numbers differ between a sentence and its translation. */
export function compareSentences(source: string, result: string, format: TextFormat): Compared {
  return mergeCompared(
    comparePieces(piecesOfSentence(source, format), piecesOfSentence(result, format)),
    compareNumbers(betweenMarks(source, format), betweenMarks(result, format)),
  );
}

/** What differs between a text and its translation. */
export interface Compared {
  missing: string[];
  added: string[];
}

function mergeCompared(one: Compared, other: Compared): Compared {
  return {
    missing: [...one.missing, ...other.missing],
    added: [...one.added, ...other.added],
  };
}

/** Pieces of a source that its result lacks, and pieces of the result that the source lacks. */
export function comparePieces(source: readonly string[], result: readonly string[]): Compared {
  return { missing: without(source, result), added: without(result, source) };
}

/** The same for the numbers in the words of two texts. */
function compareNumbers(source: string, result: string): Compared {
  const [of, to] = [numbersIn(source), numbersIn(result)];
  return { missing: without(of, to, comparableNumber), added: without(to, of, comparableNumber) };
}

function without(
  pieces: readonly string[],
  others: readonly string[],
  keyOf = (piece: string): string => piece,
): string[] {
  const counts = new Map<string, number>();
  for (const piece of others) {
    const key = keyOf(piece);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return pieces.filter((piece) => {
    const key = keyOf(piece);
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count <= 0;
  });
}

/**
 * Adds to a translation the warning that pieces of its source are missing, or that others came in: of
 * marks in the whole text, and of numbers and symbols sentence by sentence.
 */
export function withLostPieces(
  { text, format }: SourceText,
  answer: TextToTextResult,
): TextToTextResult {
  const { missing, added } = answer.parts
    .map((part) => ({
      source: betweenMarks(text.slice(part.source.start, part.source.end), format),
      result: betweenMarks(part.text, format),
    }))
    .map(({ source, result }) =>
      mergeCompared(
        compareNumbers(source, result),
        comparePieces(symbolsIn(source), symbolsIn(result)),
      ),
    )
    .reduce(mergeCompared, comparePieces(piecesOf(text, format), piecesOf(answer.text, format)));
  return answer.stop === 'cancelled' || missing.length + added.length === 0
    ? answer
    : { ...answer, warnings: [...answer.warnings, { kind: 'pieces', missing, added }] };
}

/** Adds to a summary, which may leave pieces out, the warning that it has some that its source has not. */
export function withStrangePieces(
  { text, format }: SourceText,
  answer: TextToTextResult,
): TextToTextResult {
  const own = new Set(piecesOf(text, format));
  const added = piecesOf(answer.text, format).filter((piece) => !own.has(piece));
  return added.length === 0
    ? answer
    : { ...answer, warnings: [...answer.warnings, { kind: 'pieces', missing: [], added }] };
}
