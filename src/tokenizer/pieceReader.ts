import { grownLength } from '../shared/limits';
import { tooLong } from './alignedText';
import type { DecodePieces } from './decoders';
import type { TokenizerDescription } from './schema';

/**
 * How a piece reads within a text: what it adds to the text of a piece before it.
 * @throws Failure in reading, once all pieces together are longer than {@link grownLength} has it
 */
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
  let piecesLength = 0;
  let textsLength = 0;
  return (piece) => {
    let text = known.get(piece);
    if (text === undefined) {
      const before = other(piece);
      text = decode([before, piece]).slice(decode([before]).length);
      piecesLength += piece.length;
      textsLength += text.length;
      if (textsLength > grownLength(piecesLength)) {
        throw tooLong();
      }
      known.set(piece, text);
    }
    return text;
  };
}
