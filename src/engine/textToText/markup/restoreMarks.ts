import type { TextRange } from '../../../shared/text';
import { joinWithSpacing } from './spacing';
import type { StandInForm } from './standIns';
import type { Template, TemplateItem } from './template';

export type Pair = Extract<TemplateItem, { kind: 'pair' }>;

/** Running text for a model: what each stand-in stands for, by its number. */
export interface FlatTemplate {
  text: string;
  pieces: (string | Pair)[];
}

/** What running text has in place of a pair: its words, a stand-in, or nothing at all. */
export type PairRendering = 'words' | 'standIn' | 'nothing';

/** Makes running text of a template. */
export function flatten(
  template: Template,
  form: StandInForm,
  shown: (pair: Pair) => PairRendering,
): FlatTemplate {
  const pieces: FlatTemplate['pieces'] = [];
  const standIn = (piece: string | Pair): string => form.of(pieces.push(piece) - 1);
  const textOf = (item: TemplateItem): string => {
    switch (item.kind) {
      case 'words':
        return item.text;
      case 'whole':
        return standIn(item.text);
      case 'pair':
        return {
          words: () => item.inner.map(textOf).join(''),
          standIn: () => standIn(item),
          nothing: () => '',
        }[shown(item)]();
    }
  };
  return { text: template.map(textOf).join(''), pieces };
}

/**
 * The words of a result that came in with the words of a pair.
 * @param without what the model made of the sentence without these; it must have all else as well.
 */
export function insertedWords(result: string, without: string): string | undefined {
  let start = 0;
  while (start < without.length && result[start] === without[start]) {
    start++;
  }
  const inserted = result.slice(start, result.length - (without.length - start));
  return result.endsWith(without.slice(start)) && /\p{L}/u.test(inserted)
    ? inserted.trim()
    : undefined;
}

/** What came of placing marks: the text, or the pairs whose words were not found. */
export type RestoredMarks = { text: string } | { missed: Pair[] } | 'lost';

/** A stretch of a model's result, and what is written for it. */
interface Place extends TextRange {
  text: string;
}

/**
 * Puts what stand-ins stand for in their places, and marks around the words of pairs.
 * @param result what the model made of the flat text.
 * @param inner what it made of the words of each pair.
 * @returns `lost` when a stand-in is not there exactly once.
 */
export function restoreMarks(
  result: string,
  { text: source, pieces }: FlatTemplate,
  pairs: readonly Pair[],
  inner: ReadonlyMap<Pair, string>,
  form: StandInForm,
): RestoredMarks {
  const standIns = findStandIns(result, form);
  if (
    standIns.length !== pieces.length ||
    pieces.some((_, number) => standIns.filter((one) => one.number === number).length !== 1)
  ) {
    return 'lost';
  }
  const places: Place[] = standIns.map(({ number, start, end }) => {
    const piece = pieces[number] as string | Pair;
    const text =
      typeof piece === 'string' ? piece : `${piece.open}${inner.get(piece) ?? ''}${piece.close}`;
    return { start, end, text };
  });
  const missed: Pair[] = [];
  for (const pair of pairs) {
    const wrapped = wrap(result, source, pair, inner.get(pair) ?? '', places, pieces);
    if (!wrapped) {
      missed.push(pair);
    }
  }
  return missed.length > 0 ? { missed } : { text: written(result, places) };
}

function findStandIns(text: string, { pattern }: StandInForm): (TextRange & { number: number })[] {
  return Array.from(text.matchAll(pattern), ({ 0: found, 1: number, index }) => ({
    start: index,
    end: index + found.length,
    number: Number(number),
  }));
}

/** Puts a pair's marks around its words, or around the one stand-in that it holds. */
function wrap(
  result: string,
  source: string,
  pair: Pair,
  translated: string,
  places: Place[],
  pieces: FlatTemplate['pieces'],
): boolean {
  const [only] = pair.inner;
  if (only?.kind === 'whole') {
    const held = places.find(({ text }) => text === only.text && pieces.includes(only.text));
    if (held !== undefined) {
      held.text = pair.open + held.text + pair.close;
    }
    return held !== undefined;
  }
  const original = only?.kind === 'words' ? only.text : '';
  const free = (start: number, end: number): boolean =>
    places.every((one) => end <= one.start || start >= one.end);
  for (const words of [translated, original]) {
    const found = occurrences(result, words).filter((start) => free(start, start + words.length));
    const [start] = found;
    // The same words elsewhere may be those of the pair as well.
    if (start !== undefined && found.length === 1 && occurrences(source, original).length === 1) {
      const end = start + words.length;
      places.push({ start, end, text: pair.open + result.slice(start, end) + pair.close });
      return true;
    }
  }
  return false;
}

function occurrences(text: string, words: string): number[] {
  const found: number[] = [];
  if (words.trim() !== '') {
    const haystack = text.toLowerCase();
    const needle = words.toLowerCase();
    for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
      found.push(at);
    }
  }
  return found;
}

function written(result: string, places: readonly Place[]): string {
  let text = '';
  let from = 0;
  for (const { start, end, text: piece } of places.toSorted((a, b) => a.start - b.start)) {
    text = joinWithSpacing(joinWithSpacing(text, result.slice(from, start)), piece);
    from = end;
  }
  return joinWithSpacing(text, result.slice(from));
}
