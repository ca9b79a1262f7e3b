/** One replacement in a document. Offsets are UTF-16 units of the document before it. */
export interface TextChange {
  offset: number;
  /** Characters removed. */
  removed: number;
  /** Characters put in their place. */
  inserted: number;
}

/** A part of a document as it is now. Offsets outside of it count as its start or end. */
export type Slice = (start: number, end: number) => string;

/** The state of a tracked text in its document. */
export type TrackedState =
  /** As it was. */
  | 'same'
  /** The same but for blanks and line ends, as a formatter leaves it. */
  | 'reformatted'
  | 'changed';

/**
 * A text in a document, tracked while the document is edited. It is found again after an undo, or after the
 * whole document was replaced by one that still has the text.
 */
export class TrackedText {
  private from: number;
  private to: number;
  private now: TrackedState = 'same';
  private endIsLost = false;
  private trimmedOff = '';

  /**
   * @param text as it stands in the document.
   * @param start where it does, in UTF-16 units.
   */
  constructor(
    readonly text: string,
    start: number,
  ) {
    this.from = start;
    this.to = start + text.length;
  }

  get start(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  get state(): TrackedState {
    return this.now;
  }

  get intact(): boolean {
    return this.now === 'same';
  }

  /** Whether what the text ended with was removed, so that nothing can go on from there. */
  get endless(): boolean {
    return this.endIsLost;
  }

  /** Blanks that the text ended with and that are gone, as after a save that trims lines. */
  get trimmed(): string {
    return this.trimmedOff;
  }

  /**
   * Applies the changes of one edit. Text inserted exactly at the start or end stays outside.
   * @param changes in the order in which they were made.
   * @param slice reads the document after all of them.
   */
  apply(changes: readonly TextChange[], slice: Slice): void {
    const expected = this.from;
    let touched = false;
    let endRemoved = false;
    for (const { offset, removed, inserted } of changes) {
      const grown = inserted - removed;
      // What the text lacks may be put back at its borders.
      const border = this.now !== 'same' || touched ? 1 : 0;
      if (offset + removed < this.from + 1 - border) {
        this.from += grown;
        this.to += grown;
      } else if (offset < this.to + border) {
        touched = true;
        endRemoved ||= removed > 0 && offset + removed >= this.to;
        this.from = Math.min(this.from, offset);
        this.to = Math.max(this.to, offset + removed) + grown;
      }
    }
    if (touched) {
      this.find(expected, slice(this.from, this.to));
      this.endIsLost = this.now === 'changed' && (this.endIsLost || endRemoved);
    }
  }

  /** Looks for the text in what has become of it, and takes the place nearest to `expected`. */
  private find(expected: number, region: string): void {
    const { text } = this;
    const base = this.from;
    this.trimmedOff = '';
    const same = nearest(region, text, expected - base);
    if (same !== undefined) {
      this.from = base + same;
      this.to = this.from + text.length;
      this.now = 'same';
      return;
    }
    const { packed, offsets } = withoutBlanks(region);
    const { packed: wanted } = withoutBlanks(text);
    const from = offsets.filter((offset) => offset < expected - base).length;
    const found = wanted === '' ? undefined : nearest(packed, wanted, from);
    if (found === undefined) {
      this.now = 'changed';
      return;
    }
    const { lead, trail } = blanksAround(text);
    const first = offsets[found] ?? 0;
    const last = (offsets[found + wanted.length - 1] ?? 0) + 1;
    const kept = Math.min(trail, blanksAround(region.slice(last)).lead);
    this.trimmedOff = text.slice(text.length - trail + kept);
    this.to = base + last + kept;
    this.from = base + first - Math.min(lead, blanksAround(region.slice(0, first)).trail);
    this.now = 'reformatted';
  }
}

/** Where a part occurs in a text: of several places the one nearest to an offset. */
function nearest(text: string, part: string, offset: number): number | undefined {
  const before = text.lastIndexOf(part, Math.max(0, offset));
  const after = text.indexOf(part, Math.max(0, offset));
  if (before < 0 || after < 0) {
    const only = Math.max(before, after);
    return only < 0 ? undefined : only;
  }
  return offset - before <= after - offset ? before : after;
}

/** A text without its blanks and line ends, and where each character that is left stood. */
function withoutBlanks(text: string): { packed: string; offsets: number[] } {
  const found = Array.from(text.matchAll(/\S/g), ({ 0: character, index }) => ({
    character,
    index,
  }));
  return {
    packed: found.map(({ character }) => character).join(''),
    offsets: found.map(({ index }) => index),
  };
}

/** How many blanks a text begins and ends with. */
function blanksAround(text: string): { lead: number; trail: number } {
  return {
    lead: text.length - text.trimStart().length,
    trail: text.length - text.trimEnd().length,
  };
}
