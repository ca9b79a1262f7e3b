/**
 * The printable character that stands for each byte in byte-level vocabularies: printable bytes
 * stand for themselves, the others for the characters from U+0100 on. Radford et al. 2019,
 * "Language Models are Unsupervised Multitask Learners", `bytes_to_unicode` of its code.
 */
export const CHARACTER_OF_BYTE: readonly string[] = (() => {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : next++),
  );
})();

/** The inverse of {@link CHARACTER_OF_BYTE}. */
export const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = new Map(
  CHARACTER_OF_BYTE.map((character, byte) => [character, byte]),
);
