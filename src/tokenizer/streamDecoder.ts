/** What decoding yields for bytes that are no character, or not yet. */
const REPLACEMENT = '\ufffd';

/**
 * Tokens that may be held back before their text is given out in any case. A character takes four
 * bytes at most, so more than that only piles up when a model emits nonsense.
 */
const MAX_HELD_TOKENS = 16;

/** A `StreamDecoder` that takes pieces instead of ids. */
export interface PieceStream {
  push(piece: string): string;
  flush(): string;
}

/**
 * Decodes token after token by comparing the text of a few tokens with the text of one more, since
 * a token may read otherwise at the start of a text than within it.
 * @param decode  text of pieces, as from the start of a text
 * @param context  pieces that precede; the last few are enough, none at the start of a text
 */
export function createStreamDecoder(
  decode: (pieces: readonly string[]) => string,
  context: readonly string[],
): PieceStream {
  let settled = context;
  let settledText = decode(settled);
  let held: string[] = [];
  /** Units of the held tokens' text that were given out. */
  let given = 0;

  const take = (until: (text: string) => number): string => {
    const text = decode([...settled, ...held]).slice(settledText.length);
    const end = Math.max(given, until(text));
    const fresh = text.slice(given, end);
    if (end === text.length) {
      settled = held;
      settledText = decode(settled);
      held = [];
      given = 0;
    } else {
      given = end;
    }
    return fresh;
  };

  return {
    push(piece) {
      held.push(piece);
      return take((text) =>
        text.endsWith(REPLACEMENT) && held.length < MAX_HELD_TOKENS ? text.length - 1 : text.length,
      );
    },
    flush: () => (held.length > 0 ? take((text) => text.length) : ''),
  };
}
