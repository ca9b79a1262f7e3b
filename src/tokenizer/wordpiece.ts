import type { ModelEntry } from './schema';
import type { PreToken, SplitText } from './splitText';

/**
 * WordPiece (Wu et al. 2016, section 4.1) as BERT's `WordpieceTokenizer` has it: again and again
 * the longest entry that the rest of a word begins with. A word with a rest that begins with none,
 * or of too many characters, is one unknown token.
 */
export function createWordPiece(
  entry: Extract<ModelEntry, { type: 'WordPiece' }>,
  ids: ReadonlyMap<string, number>,
): SplitText {
  const prefix = entry.continuing_subword_prefix;
  const longest = Math.max(0, ...lengthsOf(ids));
  const unknown = ids.get(entry.unk_token);
  return (word) => {
    const whole: PreToken[] =
      unknown === undefined ? [] : [{ id: unknown, start: 0, end: word.length }];
    const ends = characterEnds(word);
    if (ends.length > entry.max_input_chars_per_word) {
      return whole;
    }
    const pieces: PreToken[] = [];
    let start = 0;
    for (let first = 0; first < ends.length;) {
      let last = Math.min(ends.length, first + longest) - 1;
      let id: number | undefined;
      for (; last >= first; last--) {
        const text = word.slice(start, ends[last]);
        id = ids.get(start > 0 ? prefix + text : text);
        if (id !== undefined) {
          break;
        }
      }
      const end = ends[last];
      if (id === undefined || end === undefined) {
        return whole;
      }
      pieces.push({ id, start, end });
      start = end;
      first = last + 1;
    }
    return pieces;
  };
}

/** The different lengths of entries. */
function lengthsOf(ids: ReadonlyMap<string, number>): Set<number> {
  const lengths = new Set<number>();
  for (const piece of ids.keys()) {
    lengths.add(piece.length);
  }
  return lengths;
}

/** Where each character (code point) of a text ends. */
function characterEnds(text: string): number[] {
  let end = 0;
  return Array.from(text, (character) => (end += character.length));
}
