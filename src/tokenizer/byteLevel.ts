import type { AlignedText } from './alignedText';

/**
 * The printable character that stands for each byte in byte-level vocabularies: printable bytes
 * stand for themselves, the others for the characters from U+0100 on. Radford et al. 2019,
 * "Language Models are Unsupervised Multitask Learners", `bytes_to_unicode` of its code.
 */
const CHARACTER_OF_BYTE: readonly string[] = (() => {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : next++),
  );
})();

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

const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = new Map(
  CHARACTER_OF_BYTE.map((character, byte) => [character, byte]),
);

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
