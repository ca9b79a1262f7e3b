import type { PieceStream } from './streamDecoder';

/**
 * Takes out the space before punctuation and English contractions: `clean_up_tokenization` of
 * `transformers`.
 */
export function cleanUpSpaces(text: string): string {
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
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/** All that something which is replaced begins with, the longest first. */
const BEGINNINGS: readonly string[] = [
  ...new Set(CLEAN_UP.flatMap(([from]) => Array.from(from, (_, end) => from.slice(0, end)))),
]
  .filter((beginning) => beginning !== '')
  .sort((a, b) => b.length - a.length);

/**
 * Cleans up what a stream gives. An end of the text that may be the beginning of what is replaced is
 * held back until more has come, since what was given out cannot change any more.
 */
export function createCleanUpStream(stream: PieceStream): PieceStream {
  let held = '';
  return {
    push(piece) {
      held += stream.push(piece);
      const open = BEGINNINGS.find((beginning) => held.endsWith(beginning))?.length ?? 0;
      const complete = held.slice(0, held.length - open);
      held = held.slice(complete.length);
      return cleanUpSpaces(complete);
    },
    flush() {
      const rest = held + stream.flush();
      held = '';
      return cleanUpSpaces(rest);
    },
  };
}
