// Characters as people see them: extended grapheme clusters (Unicode Standard Annex 29). An emoji may be
// of many units, and is replaced or gone on from as a whole.
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The start of the character that an offset lies within, in UTF-16 units; the offset between two. */
export function characterStart(text: string, offset: number): number {
  return characters.segment(text).containing(offset)?.index ?? offset;
}

/** The end of the character that an offset lies within; the offset between two. */
export function characterEnd(text: string, offset: number): number {
  const found = characters.segment(text).containing(offset);
  return found === undefined || found.index === offset
    ? offset
    : found.index + found.segment.length;
}
