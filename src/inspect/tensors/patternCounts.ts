import type { CountedStatistics } from './countedStatistics';
import { FineHistogram } from './fineHistogram';
import { ExactSum, isFinite64 } from './sums';

/** Counts what 32 bits hold, before they are added to the rest. */
const MOST_COUNTED = 2 ** 31;

/**
 * Counts elements by their bits, of which there are 65,536 at most, and computes from the counts what the
 * numbers are: exact, and in one pass.
 */
export class PatternCounts {
  /** Elements that are counted at a time: looking through all patterns behind them takes little beside. */
  static readonly STRETCH = 2 ** 20;

  private readonly counted: Float64Array;
  private readonly recent: Uint32Array;
  private sinceAdded = 0;
  private readonly magnitudes: Float32Array;
  private readonly largest = { at: 0, magnitude: -1, isNegative: false };

  /** @param numbers what the bits stand for. */
  constructor(private readonly numbers: Float32Array) {
    this.counted = new Float64Array(numbers.length);
    this.recent = new Uint32Array(numbers.length);
    this.magnitudes = numbers.map((value) => (isFinite64(value) ? Math.abs(value) : -1));
  }

  /** @param first the place of the first of them in the tensor. */
  add(bits: Uint8Array | Uint16Array, first: number): void {
    if (this.sinceAdded + bits.length > MOST_COUNTED) {
      this.settle();
    }
    const { recent } = this;
    for (let i = 0; i < bits.length; i++) {
      const pattern = bits[i] ?? 0;
      recent[pattern] = (recent[pattern] ?? 0) + 1;
    }
    this.sinceAdded += bits.length;
    this.findLargest(bits, first);
  }

  statistics(): CountedStatistics {
    this.settle();
    const { numbers, counted } = this;
    const counts = { nan: 0, infinite: 0, zeros: 0 };
    const sum = new ExactSum();
    const squares = new ExactSum();
    const finite: { value: number; times: number }[] = [];
    let all = 0;
    for (const [pattern, times] of counted.entries()) {
      const value = numbers[pattern] ?? NaN;
      if (times === 0) {
        continue;
      }
      if (!isFinite64(value)) {
        counts[Number.isNaN(value) ? 'nan' : 'infinite'] += times;
        continue;
      }
      counts.zeros += value === 0 ? times : 0;
      sum.add(value * times);
      squares.add(value * value * times);
      all += times;
      finite.push({ value, times });
    }
    finite.sort((a, b) => a.value - b.value);
    const [least] = finite;
    const most = finite.at(-1);
    if (least === undefined || most === undefined) {
      return counts;
    }
    const mean = sum.value / all;
    const distances = new ExactSum();
    const histogram = new FineHistogram(least.value, most.value);
    for (const { value, times } of finite) {
      distances.add((value - mean) ** 2 * times);
      histogram.addTimes(value, times);
    }
    const { at, magnitude, isNegative } = this.largest;
    return {
      ...counts,
      finite: {
        minimum: least.value,
        maximum: most.value,
        mean,
        standardDeviation: Math.sqrt(distances.value / all),
        norm: Math.sqrt(squares.value),
        percentiles: { low: percentile(finite, all, 0.01), high: percentile(finite, all, 0.99) },
        largest: { at, value: isNegative ? -magnitude : magnitude },
        histogram: histogram.coarse(),
      },
    };
  }

  /** Looks whether a larger number has come with the last elements, and where. */
  private findLargest(bits: Uint8Array | Uint16Array, first: number): void {
    const { recent, magnitudes, numbers, largest } = this;
    let most = largest.magnitude;
    for (let pattern = 0; pattern < recent.length; pattern++) {
      const magnitude = magnitudes[pattern] ?? -1;
      most = magnitude > most && (recent[pattern] ?? 0) > 0 ? magnitude : most;
    }
    if (most === largest.magnitude) {
      return;
    }
    // A number and its opposite may both have come.
    let at = Infinity;
    for (const [pattern, magnitude] of magnitudes.entries()) {
      const place = magnitude === most ? bits.indexOf(pattern) : -1;
      if (place >= 0 && place < at) {
        at = place;
        largest.isNegative = (numbers[pattern] ?? 0) < 0;
      }
    }
    largest.at = first + at;
    largest.magnitude = most;
  }

  private settle(): void {
    const { counted, recent } = this;
    for (const [pattern, times] of recent.entries()) {
      counted[pattern] = (counted[pattern] ?? 0) + times;
    }
    recent.fill(0);
    this.sinceAdded = 0;
  }
}

/** The number that a share of all are no larger than, between neighbours as `numpy.percentile` has it. */
function percentile(
  sorted: readonly { value: number; times: number }[],
  all: number,
  share: number,
): number {
  const wanted = share * (all - 1);
  const place = Math.floor(wanted);
  const [low, high] = [nth(sorted, place), nth(sorted, Math.min(all - 1, place + 1))];
  return low + (high - low) * (wanted - place);
}

function nth(sorted: readonly { value: number; times: number }[], place: number): number {
  let below = 0;
  for (const { value, times } of sorted) {
    below += times;
    if (below > place) {
      return value;
    }
  }
  return NaN;
}
