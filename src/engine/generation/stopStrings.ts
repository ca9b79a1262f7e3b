import type { Tokenizer } from '../../tokenizer/tokenizer';

/**
 * Tells whether a text has come to its end by what it reads: its last token completes one of the
 * strings. Names of special tokens count, as in Hugging Face's `StopStringCriteria`.
 * @param strings none of them empty.
 * @returns takes all ids so far, those of the prompt included.
 */
export function stopCheck(
  tokenizer: Tokenizer,
  strings: readonly string[],
): (ids: readonly number[]) => boolean {
  // A token is a byte at least.
  const reach = Math.max(...strings.map((string) => Buffer.byteLength(string)));
  return (ids) => {
    const start = Math.max(0, ids.length - reach);
    const stream = tokenizer.streamDecoder(ids.slice(0, start));
    let text = '';
    let before = 0;
    for (const id of ids.slice(start)) {
      before = text.length;
      text += stream.push(id) || specialText(tokenizer, id);
    }
    return strings.some(
      (string) => text.indexOf(string, Math.max(0, before - string.length + 1)) >= 0,
    );
  };
}

/** The name of a token that a decoder leaves out; nothing of one that is the start of a character. */
function specialText(tokenizer: Tokenizer, id: number): string {
  const piece = tokenizer.pieceText(id);
  return tokenizer.decode([id]) === '' && tokenizer.tokenText(id) === piece ? piece : '';
}
