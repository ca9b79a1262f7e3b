import type { DecodePieces } from './decoders';
import type { TokenizerDescription } from './schema';

/** How a piece reads within a text: what it adds to the text of a piece before it. */
export function createPieceReader(
  { decoder, model }: TokenizerDescription,
  decode: DecodePieces,
): (piece: string) => string {
  if (model.type === 'WordPiece' && decoder.every(({ type }) => type === 'WordPiece')) {
    // The decoder puts a space before every word, which is no part of the token.
    const prefix = model.continuing_subword_prefix;
    return (piece) => (piece.startsWith(prefix) ? piece.slice(prefix.length) : piece);
  }
  if (decoder.length === 0) {
    return (piece) => piece;
  }
  // Repeated tokens may read as one.
  const other = (piece: string) => (piece === 'a' ? 'b' : 'a');
  const known = new Map<string, string>();
  return (piece) => {
    let text = known.get(piece);
    if (text === undefined) {
      const before = other(piece);
      text = decode([before, piece]).slice(decode([before]).length);
      known.set(piece, text);
    }
    return text;
  };
}
