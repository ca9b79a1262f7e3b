/** Random choices that a seed decides: the same seed makes the same choices on every machine. */
export class Random {
  private state: number;

  /** @param seeds whole numbers; each of them changes every choice */
  constructor(...seeds: readonly number[]) {
    this.state = 0;
    for (const seed of seeds) {
      this.state = (this.bits() ^ seed) >>> 0;
    }
  }

  /** A number from 0 up to 1. */
  unit(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number from 0 up to `count`, which it never is. */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  /** One of the items, of which there is at least one. */
  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) {
      throw new RangeError('There is nothing to choose from');
    }
    return item;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** 32 random bits. Generator: "mulberry32" by Tommy Ettinger, 2017, public domain. */
  private bits(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
