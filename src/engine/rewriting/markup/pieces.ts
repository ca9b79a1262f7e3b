import type { Rewriting, TextFormat } from '../../../shared/engineApi';
import type { RewritingSource } from '../plan';
import { readInline, readMarkup, wordsBetween } from './document';
import type { Mark } from './marks';
import { signsBetween } from './signs';

/** What of a text must come out letter by letter: its marks, as often as they are there. */
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

/** The pieces of a text, and the signs between its words. */
function piecesAndSigns(text: string, format: TextFormat): string[] {
  const { marks } = readMarkup(text, format);
  return [...textsOf(text, marks), ...signsBetween(text, marks)];
}

function textsOf(text: string, marks: readonly Mark[]): string[] {
  return marks
    .map(({ start, end }) => text.slice(start, end).trim())
    .filter((piece) => piece !== '');
}

/** Which pieces a text lacks that another has, and which it has that the other has not. */
export function comparePieces(
  source: readonly string[],
  result: readonly string[],
): { missing: string[]; added: string[] } {
  return { missing: without(source, result), added: without(result, source) };
}

function without(pieces: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const piece of others) {
    counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  return pieces.filter((piece) => {
    const count = counts.get(piece) ?? 0;
    counts.set(piece, count - 1);
    return count <= 0;
  });
}

/** Adds to a translation the doubt that pieces of its source are missing, or that others came in. */
export function withLostPieces({ text, format }: RewritingSource, answer: Rewriting): Rewriting {
  const { missing, added } = comparePieces(
    piecesAndSigns(text, format),
    piecesAndSigns(answer.text, format),
  );
  return answer.stop === 'cancelled' || missing.length + added.length === 0
    ? answer
    : { ...answer, doubts: [...answer.doubts, { kind: 'pieces', missing, added }] };
}

/** Adds to a summary, which may leave pieces out, the doubt that it has some that its source has not. */
export function withStrangePieces({ text, format }: RewritingSource, answer: Rewriting): Rewriting {
  const own = new Set(piecesOf(text, format));
  const added = piecesOf(answer.text, format).filter((piece) => !own.has(piece));
  return added.length === 0
    ? answer
    : { ...answer, doubts: [...answer.doubts, { kind: 'pieces', missing: [], added }] };
}
