import { grownLength } from '../shared/limits';
import { matchRanges, tooLong } from './alignedText';
import { byteLevelBytes } from './byteLevel';
import { cleanUpSpaces } from './cleanUp';
import { compilePattern } from './patterns';
import type { DecoderStep } from './schema';

/**
 * One step of a decoder: pieces in, pieces out, nearer to running text. A step that can make many
 * times as much of a piece keeps to `longest`, the units that all pieces may have.
 */
type DecodeStep = (pieces: readonly string[], longest: number) => readonly string[];

/** Puts the pieces of a text together, the first of them at the text's start. */
export type DecodePieces = (pieces: readonly string[]) => string;

/**
 * Runs the steps of a decoder one after the other. Without any, pieces are words.
 * @throws Failure in decoding, once a text is longer than {@link grownLength} has it
 */
export function createDecoder(steps: readonly DecoderStep[]): DecodePieces {
  if (steps.length === 0) {
    return (pieces) => pieces.join(' ');
  }
  const chain = steps.map(createStep);
  return (pieces) => {
    const longest = grownLength(lengthOf(pieces));
    let current = pieces;
    for (const step of chain) {
      current = step(current, longest);
      if (lengthOf(current) > longest) {
        throw tooLong();
      }
    }
    return current.join('');
  };
}

function lengthOf(pieces: readonly string[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function createStep(step: DecoderStep): DecodeStep {
  switch (step.type) {
    case 'ByteLevel':
      return (pieces) => [utf8.decode(Uint8Array.from(pieces.flatMap(byteLevelBytes)))];
    case 'ByteFallback':
      return decodeByteTokens;
    case 'Fuse':
      return (pieces) => [pieces.join('')];
    case 'Metaspace': {
      const { replacement } = step;
      const first = step.prepend_scheme === 'never' ? ' ' : '';
      return (pieces) =>
        pieces.map((piece, index) => piece.replaceAll(replacement, index === 0 ? first : ' '));
    }
    case 'WordPiece': {
      const { prefix } = step;
      const tidy = step.cleanup === false ? (text: string) => text : cleanUp;
      return (pieces) =>
        pieces.map((piece, index) => {
          if (index === 0) {
            return tidy(piece);
          }
          return tidy(piece.startsWith(prefix) ? piece.slice(prefix.length) : ` ${piece}`);
        });
    }
    case 'BPEDecoder':
      return (pieces) =>
        pieces.map((piece, index) =>
          piece.replaceAll(step.suffix, index === pieces.length - 1 ? '' : ' '),
        );
    case 'Replace': {
      const pattern = compilePattern(step.pattern, 'decoder');
      return (pieces, longest) => {
        let left = longest;
        return pieces.map((piece) => {
          const replaced = replaceWithin(piece, pattern, step.content, left);
          left -= replaced.length;
          return replaced;
        });
      };
    }
    case 'Strip':
      return (pieces) => pieces.map((piece) => stripCharacter(piece, step));
    case 'CTC':
      return (pieces) => collapse(pieces, step);
  }
}

/** @throws Failure if the result would be longer than that */
function replaceWithin(
  piece: string,
  pattern: RegExp,
  replacement: string,
  longest: number,
): string {
  const matches = matchRanges(piece, pattern);
  if (matches.length === 0) {
    return piece;
  }
  if (piece.length + matches.length * replacement.length > longest) {
    throw tooLong();
  }
  let replaced = '';
  let copied = 0;
  for (const { start, end } of matches) {
    replaced += piece.slice(copied, start) + replacement;
    copied = end;
  }
  return replaced + piece.slice(copied);
}

/** Bytes that are no character come out as U+FFFD; a byte order mark is a character like any. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * Joins runs of byte tokens into text. In a run with a broken character the others are kept, where
 * the package `tokenizers` gives up the whole run: text that was given out must not change because
 * of a byte that follows.
 */
function decodeByteTokens(pieces: readonly string[]): string[] {
  const decoded: string[] = [];
  let bytes: number[] = [];
  const endRun = () => {
    if (bytes.length > 0) {
      decoded.push(utf8.decode(Uint8Array.from(bytes)));
      bytes = [];
    }
  };
  for (const piece of pieces) {
    const byte = BYTE_TOKEN.exec(piece)?.[1];
    if (byte === undefined) {
      endRun();
      decoded.push(piece);
    } else {
      bytes.push(Number.parseInt(byte, 16));
    }
  }
  endRun();
  return decoded;
}

/** The clean-up of decoders, which write one contraction more. */
function cleanUp(text: string): string {
  return cleanUpSpaces(text).replaceAll(' do not', " don't");
}

/**
 * Reads the output of connectionist temporal classification (Graves et al. 2006, section 3.1):
 * tokens that follow themselves are one, and then blanks are nothing.
 */
function collapse(
  pieces: readonly string[],
  step: Extract<DecoderStep, { type: 'CTC' }>,
): string[] {
  return pieces
    .filter((piece, index) => piece !== pieces[index - 1])
    .map((piece) => {
      const text = piece.replaceAll(step.pad_token, '');
      return step.cleanup === false
        ? text
        : cleanUp(text).replaceAll(step.word_delimiter_token, ' ');
    });
}

/** Takes a character away from the edges, `start` and `stop` times at most. */
function stripCharacter(
  piece: string,
  { content, start, stop }: Extract<DecoderStep, { type: 'Strip' }>,
): string {
  const characters = Array.from(piece);
  let first = 0;
  while (first < start && characters[first] === content) {
    first++;
  }
  let end = characters.length;
  while (end > first && characters.length - end < stop && characters[end - 1] === content) {
    end--;
  }
  return characters.slice(first, end).join('');
}
