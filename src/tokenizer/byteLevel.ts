import { BYTE_OF_CHARACTER, CHARACTER_OF_BYTE } from '../shared/byteAlphabet';
import type { AlignedText } from './alignedText';

/** How a space reads in a byte-level vocabulary: `Ġ`. */
export const BYTE_LEVEL_SPACE = '\u0120';

const utf8 = new TextEncoder();

/** The characters that stand for the UTF-8 bytes of a text. */
export function byteLevelCharacters(text: string): string {
  if (text.length === 1 && text < '\u0080') {
    return CHARACTER_OF_BYTE[text.charCodeAt(0)] ?? '';
  }
  let characters = '';
  for (const byte of utf8.encode(text)) {
    characters += CHARACTER_OF_BYTE[byte] ?? '';
  }
  return characters;
}

/** Turns text into its byte-level form; every byte stands for its whole character. */
export function toByteLevel(text: AlignedText): AlignedText {
  return text.mapCharacters(byteLevelCharacters);
}

/** The bytes that a piece stands for; those of its own text where it is not in byte-level form. */
export function byteLevelBytes(piece: string): number[] {
  const bytes: number[] = [];
  for (const character of piece) {
    const byte = BYTE_OF_CHARACTER.get(character);
    if (byte === undefined) {
      return Array.from(utf8.encode(piece));
    }
    bytes.push(byte);
  }
  return bytes;
}
