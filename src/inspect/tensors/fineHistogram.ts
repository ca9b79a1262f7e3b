import type { Histogram } from '../../shared/tensorListing';
import type { Numbers } from '../../weights/numbers';

/** Bins that are shown. */
export const BINS = 64;

/** Bins that are counted, so that percentiles are known more exactly than what is shown tells. */
const FINE_BINS = 4096;

/** Counts numbers in bins of equal width between the least and the largest of them. */
export class FineHistogram {
  /** One more for numbers at the upper end, which belong to the last bin. */
  private readonly counts = new Float64Array(FINE_BINS + 1);
  private readonly from: number;
  private readonly to: number;
  private count = 0;

  constructor(
    private readonly minimum: number,
    private readonly maximum: number,
  ) {
    [this.from, this.to] = rangeFor(minimum, maximum);
  }

  /**
   * Counts numbers, which are finite and between the ends.
   * @returns the sum of the squares of their distances from the mean.
   */
  add(values: Numbers, mean: number): number {
    const { counts, from, to } = this;
    const width = to - from;
    this.count += values.length;
    if (!Number.isFinite(width)) {
      return this.addHalved(values, mean);
    }
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? 0;
      const distance = value - mean;
      squares += distance * distance;
      // Divided and not multiplied by the inverse: 0 is to be in the middle of what is as far to both sides.
      const bin = (((value - from) / width) * FINE_BINS) | 0;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return squares;
  }

  /** The same where the distance between the ends is beyond the largest number. */
  private addHalved(values: Numbers, mean: number): number {
    const { counts, from, to } = this;
    let squares = 0;
    for (const value of values) {
      squares += (value - mean) ** 2;
      const share = (value / 2 - from / 2) / (to / 2 - from / 2);
      const bin = Math.min(FINE_BINS, Math.floor(share * FINE_BINS));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return squares;
  }

  /** Counts one number so many times. */
  addTimes(value: number, times: number): void {
    const { counts, from, to } = this;
    const share = (value / 2 - from / 2) / (to / 2 - from / 2);
    const bin = Math.min(FINE_BINS, Math.floor(share * FINE_BINS));
    counts[bin] = (counts[bin] ?? 0) + times;
    this.count += times;
  }

  /**
   * The number that a share of all are no larger than, between neighbours as `numpy.percentile` has it, to
   * the width of a fine bin.
   */
  percentile(share: number): number {
    const wanted = share * (this.count - 1);
    const place = Math.floor(wanted);
    const [low, high] = [this.nth(place), this.nth(Math.min(this.count - 1, place + 1))];
    return low * (1 - (wanted - place)) + high * (wanted - place);
  }

  /** About the number that has so many before it. */
  private nth(place: number): number {
    const { counts, from, to } = this;
    let below = 0;
    for (let bin = 0; bin <= FINE_BINS; bin++) {
      const here = counts[bin] ?? 0;
      if (below + here > place) {
        const part = Math.min(1, (bin + (place - below + 0.5) / here) / FINE_BINS);
        return Math.min(this.maximum, Math.max(this.minimum, from * (1 - part) + to * part));
      }
      below += here;
    }
    return this.maximum;
  }

  /** In the bins that are shown. */
  coarse(): Histogram {
    const counts = Array.from({ length: BINS }, () => 0);
    for (const [bin, count] of this.counts.entries()) {
      const shown = Math.min(BINS - 1, Math.floor(bin / (FINE_BINS / BINS)));
      counts[shown] = (counts[shown] ?? 0) + count;
    }
    return { from: this.from, to: this.to, counts };
  }
}

/** The ends of a histogram. All numbers being one, it is 1 wide, as NumPy makes it, or as wide as it must. */
function rangeFor(minimum: number, maximum: number): [from: number, to: number] {
  if (minimum < maximum) {
    return [minimum, maximum];
  }
  const half = Math.max(0.5, Math.abs(minimum) * 2 ** -20);
  return [minimum - half, maximum + half];
}
