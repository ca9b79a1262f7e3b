import { BYTE_OF_CHARACTER } from './byteAlphabet';
import type { Token } from './text';

/** What a label is made of; a token without its piece is known by its text alone. */
export type LabelledToken = Pick<Token, 'text'> & Partial<Pick<Token, 'piece'>>;

/**
 * Tokens in a row as people read them, each on one line and never invisible. Everything that shows
 * tokens writes them like this: a space is `·`, as the editor draws it, a line end `⏎`, a tab `⇥`,
 * what cannot be seen its code point, `⟨U+200B⟩`. A part of a character shows which one it is of and
 * which part: `服 1/3`; a byte that is of none, `<0xE6>`.
 */
export function tokenLabels(tokens: readonly LabelledToken[]): string[] {
  const labels = tokens.map(({ text, piece = '' }) => visible(text === '' ? piece : text));
  for (let index = 0; index < tokens.length;) {
    const run = partsFrom(tokens, index);
    for (const [place, label] of labelsOfParts(run).entries()) {
      labels[index + place] = label;
    }
    index += Math.max(1, run.length);
  }
  return labels;
}

/** A token that stands for itself, such as a candidate; see {@link tokenLabels}. */
export function tokenLabel(token: LabelledToken): string {
  return tokenLabels([token])[0] ?? '';
}

/**
 * Labels that tell the tokens of one sequence apart: one that others share gets its place, `·the #4`.
 */
export function distinctLabels(labels: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const label of labels) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return labels.map((label, index) =>
    (counts.get(label) ?? 0) > 1 ? `${label} #${index}` : label,
  );
}

/** The bytes of the tokens from an index on that are no whole characters. */
function partsFrom(tokens: readonly LabelledToken[], from: number): number[][] {
  const run: number[][] = [];
  for (let index = from; index < tokens.length; index++) {
    const { text = 'none', piece = '' } = tokens[index] ?? {};
    const bytes = text === '' || text.includes('\ufffd') ? bytesOf(piece) : undefined;
    if (bytes === undefined) {
      break;
    }
    run.push(bytes);
  }
  return run;
}

/** The bytes that a piece of a vocabulary of bytes stands for; undefined for any other piece. */
function bytesOf(piece: string): number[] | undefined {
  const named = /^<0x([0-9A-Fa-f]{2})>$/.exec(piece)?.[1];
  if (named !== undefined) {
    return [Number.parseInt(named, 16)];
  }
  const bytes = Array.from(piece, (character) => BYTE_OF_CHARACTER.get(character));
  return bytes.length > 0 && bytes.every((byte) => byte !== undefined) ? bytes : undefined;
}

/** @param run the bytes of each token of a row */
function labelsOfParts(run: readonly number[][]): string[] {
  const owners = run.flatMap((bytes, token) => bytes.map(() => token));
  const labels: string[] = run.map(() => '');
  let wasPart = false;
  for (const { text, start, end } of characters(run.flat())) {
    const tokens = [...new Set(owners.slice(start, end))];
    for (const [place, token] of tokens.entries()) {
      const isPart = tokens.length > 1;
      const label = labels[token] ?? '';
      const before = wasPart && label !== '' ? ' ' : '';
      const part = isPart ? ` ${place + 1}/${tokens.length}` : '';
      labels[token] = `${label}${before}${text}${part}`;
      wasPart = isPart;
    }
  }
  return labels;
}

/** The characters that bytes are in UTF-8; a byte that is of none is one by itself, by its number. */
function characters(bytes: readonly number[]): { text: string; start: number; end: number }[] {
  const found: { text: string; start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length;) {
    const first = bytes[start] ?? 0;
    const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const text = decoded(bytes.slice(start, start + length));
    const end = start + (text === undefined ? 1 : length);
    found.push({ text: text === undefined ? byteName(first) : visible(text), start, end });
    start = end;
  }
  return found;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: readonly number[]): string | undefined {
  try {
    return utf8.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** A byte as SentencePiece names it. */
function byteName(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}

const SIGNS = new Map([
  [' ', '·'],
  ['\n', '⏎'],
  ['\r', '␍'],
  ['\t', '⇥'],
]);

/**
 * Blanks, and characters that only do something to others: they end lines, turn the direction of
 * writing around, or join what is beside them.
 */
const UNSEEN = /[\p{Z}\p{Cc}\p{Cf}\p{Cs}]/gu;

/** What holds a picture of several characters together is part of it. */
const JOINER = '\u200d';

function visible(text: string): string {
  return text.replaceAll(UNSEEN, (character) =>
    character === JOINER && text !== JOINER
      ? character
      : (SIGNS.get(character) ?? codePointName(character)),
  );
}

function codePointName(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `⟨U+${code}⟩`;
}
