import type { UnsureWord } from '../../shared/generation';
import { TrackedText, type Slice, type TextChange } from './trackedText';

/** A result in a document, with the words that its model was unsure of, until someone edits it. */
export class MarkedResult {
  private readonly tracked: TrackedText;

  /**
   * @param text the result as it stands in the document, with the document's line ends.
   * @param start where it does, in UTF-16 units.
   * @param words with their places in the result with line feeds.
   */
  constructor(
    text: string,
    start: number,
    private readonly words: readonly UnsureWord[],
  ) {
    this.tracked = new TrackedText(text, start);
  }

  /** Follows a change of the document; false once the result itself was changed. */
  apply(changes: readonly TextChange[], slice: Slice): boolean {
    this.tracked.apply(changes, slice);
    return this.tracked.intact;
  }

  /** Whether a part of the document has something of the result. */
  overlaps(start: number, end: number): boolean {
    return this.tracked.start < end && start < this.tracked.end;
  }

  /** The words, by their places in the document. */
  get placed(): UnsureWord[] {
    const { text, start } = this.tracked;
    const place = placesIn(text);
    return this.words.map((word) => ({
      start: start + place(word.start),
      end: start + place(word.end),
      probability: word.probability,
    }));
  }
}

/** Maps an offset of the text with line feeds to the text with its own line ends. */
function placesIn(text: string): (offset: number) => number {
  const breaks = [...text.matchAll(/\r\n/g)].map(({ index }, nth) => index - nth);
  return (offset) => offset + breaks.filter((at) => at < offset).length;
}
