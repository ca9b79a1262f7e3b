/** What a text is replaced by; undefined if it stays. */
export type ReplacementOf = (text: string) => string | undefined;

/** Texts whose replacement is remembered. */
const REMEMBERED = 10_000;

/**
 * Reads the table of a `Precompiled` normalizer, as SentencePiece writes it into its models
 * (Kudo & Richardson 2018, section 3.2; `normalizer.cc` of its code): the bytes of the trie, as
 * 32-bit number; the trie, a double array in 32-bit units ("Darts-clone" by Susumu Yata, 2008), from
 * UTF-8 to places in what follows; and the replacements, each ended by a zero byte.
 *
 * A text is replaced by what the *shortest* entry that it begins with stands for, the rest of it
 * being lost: that is how the package `tokenizers` reads it (`transform` of its `spm_precompiled`).
 *
 * @param base64 `precompiled_charsmap` of tokenizer.json
 * @throws Error if it is no such table
 */
export function readCharsMap(base64: string): ReplacementOf {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const trieBytes = bytes.length >= 4 ? view.getUint32(0, true) : 0;
  if (trieBytes === 0 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw new Error('precompiled_charsmap is damaged');
  }
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, index) =>
    view.getUint32(4 + 4 * index, true),
  );
  const replacements = bytes.subarray(4 + trieBytes);
  const known = new Map<string, string | undefined>();
  return (text) => {
    if (known.has(text)) {
      return known.get(text);
    }
    const place = shortestPrefix(trie, utf8.encode(text));
    const replacement = place === undefined ? undefined : textAt(replacements, place);
    if (known.size >= REMEMBERED) {
      known.clear();
    }
    known.set(text, replacement);
    return replacement;
  };
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value of the shortest key that some bytes begin with. */
function shortestPrefix(trie: Uint32Array, key: Uint8Array): number | undefined {
  let node = offsetOf(trie[0] ?? 0);
  for (const byte of key) {
    node ^= byte;
    const unit = trie[node] ?? 0;
    // A key has no zero byte: that label is the one of leaves.
    if (byte === 0 || labelOf(unit) !== byte) {
      return undefined;
    }
    node ^= offsetOf(unit);
    if (hasLeaf(unit)) {
      return (trie[node] ?? 0) & 0x7fffffff;
    }
  }
  return undefined;
}

function hasLeaf(unit: number): boolean {
  return ((unit >>> 8) & 1) === 1;
}

/** The byte that leads to a unit; beyond all bytes for a leaf, whose highest bit is set. */
function labelOf(unit: number): number {
  return (unit & 0x800000ff) >>> 0;
}

/** What the index of a unit and that of its children differ in. */
function offsetOf(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
}

function textAt(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(0, start);
  return fromUtf8.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
}
