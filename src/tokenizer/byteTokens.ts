const utf8 = new TextEncoder();

/** Ids of the tokens for the UTF-8 bytes of a text; undefined if the vocabulary lacks one. */
export type ByteTokens = (text: string) => number[] | undefined;

/** Finds the entries `<0x00>` to `<0xFF>` of a vocabulary. */
export function byteTokens(ids: ReadonlyMap<string, number>): ByteTokens {
  const byByte = Array.from({ length: 256 }, (_, byte) =>
    ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );
  return (text) => {
    const tokens = Array.from(utf8.encode(text), (byte) => byByte[byte]);
    return tokens.every((id) => id !== undefined) ? tokens : undefined;
  };
}
