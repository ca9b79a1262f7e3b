/**
 * Finds all entries that a text begins with, by binary search in a sorted list. It needs no memory besides
 * the entries, of which vocabularies have up to 260,000.
 */
export class PrefixIndex {
  private readonly texts: readonly string[];
  /** By first unit: from which text on they begin with it, and up to which. */
  private readonly ranges = new Map<number, { from: number; to: number }>();

  constructor(texts: readonly string[]) {
    this.texts = texts.filter((text) => text !== '').sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.texts.forEach((text, index) => {
      const unit = text.charCodeAt(0);
      const range = this.ranges.get(unit);
      if (range === undefined) {
        this.ranges.set(unit, { from: index, to: index + 1 });
      } else {
        range.to = index + 1;
      }
    });
  }

  /** Ends of those texts that stand in `text` at `start`, in increasing order. */
  prefixEnds(text: string, start: number): number[] {
    const ends: number[] = [];
    const range = this.ranges.get(text.charCodeAt(start));
    let { from, to } = range ?? { from: 0, to: 0 };
    for (let end = start + 1; from < to; end++) {
      const length = end - start;
      if (this.texts[from]?.length === length) {
        ends.push(end);
        from++;
      }
      if (end === text.length) {
        break;
      }
      const unit = text.charCodeAt(end);
      from = this.lowerBound(from, to, length, unit);
      to = this.lowerBound(from, to, length, unit + 1);
    }
    return ends;
  }

  /** The first of the texts `from` to `to` whose unit at `place` is not smaller than `unit`. */
  private lowerBound(from: number, to: number, place: number, unit: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.texts[middle]?.charCodeAt(place) ?? 0) < unit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
