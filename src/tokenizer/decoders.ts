import { ReplaceNormalizer } from '@huggingface/tokenizers';
import { byteLevelBytes } from './byteLevel';
import type { DecoderStep } from './schema';

/** One step of a decoder: pieces in, pieces out, nearer to running text. */
type DecodeStep = (pieces: readonly string[]) => readonly string[];

/** Puts the pieces of a text together, the first of them at the text's start. */
export type DecodePieces = (pieces: readonly string[]) => string;

/** Runs the steps of a decoder one after the other. Without any, pieces are words. */
export function createDecoder(steps: readonly DecoderStep[]): DecodePieces {
  if (steps.length === 0) {
    return (pieces) => pieces.join(' ');
  }
  const chain = steps.map(createStep);
  return (pieces) => chain.reduce((current, step) => step(current), pieces).join('');
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
      const { pattern } = new ReplaceNormalizer(step);
      return pattern === null
        ? (pieces) => pieces
        : (pieces) => pieces.map((piece) => piece.replaceAll(pattern, () => step.content));
    }
    case 'Strip':
      return (pieces) => pieces.map((piece) => stripCharacter(piece, step));
    case 'CTC':
      return (pieces) => collapse(pieces, step);
  }
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

/** Takes out the space before punctuation and English contractions. */
function cleanUp(text: string): string {
  return CLEAN_UP.reduce((current, [from, to]) => current.replaceAll(from, to), text);
}

const CLEAN_UP: readonly (readonly [from: string, to: string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

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
