import type { Numbers } from '../../weights/numbers';

/** Adds numbers up without what each addition rounds off getting lost: Neumaier (1974). */
export class ExactSum {
  private sum = 0;
  private rest = 0;

  add(value: number): void {
    const next = this.sum + value;
    this.rest +=
      Math.abs(this.sum) >= Math.abs(value) ? this.sum - next + value : value - next + this.sum;
    this.sum = next;
  }

  get value(): number {
    // What overflowed has no rest.
    return Number.isFinite(this.sum) ? this.sum + this.rest : this.sum;
  }
}

/** What one stretch of numbers says. Sums and extremes are of what is finite; without any, extremes are ±∞. */
export interface Sums {
  sum: number;
  squares: number;
  minimum: number;
  maximum: number;
  zeros: number;
  nan: number;
  infinite: number;
}

/** Numbers that are added up before their sum is added to the others': what is rounded off stays small. */
const PIECE = 1024;

/** Sums and extremes of a stretch of numbers. */
export function sumsOf(values: Numbers): Sums {
  const sum = new ExactSum();
  const squares = new ExactSum();
  let zeros = 0;
  let [minimum, maximum] = [Infinity, -Infinity];
  for (let start = 0; start < values.length; start += PIECE) {
    const end = Math.min(values.length, start + PIECE);
    let [pieceSum, pieceSquares] = [0, 0];
    for (let i = start; i < end; i++) {
      const value = values[i] ?? 0;
      pieceSum += value;
      pieceSquares += value * value;
      minimum = value < minimum ? value : minimum;
      maximum = value > maximum ? value : maximum;
      zeros += value === 0 ? 1 : 0;
    }
    sum.add(pieceSum);
    squares.add(pieceSquares);
  }
  const all = { sum: sum.value, squares: squares.value, minimum, maximum, zeros };
  return Number.isFinite(all.sum) ? { ...all, nan: 0, infinite: 0 } : sumsOfFinite(values);
}

/** The same where some numbers are not finite, or their sum is not. */
function sumsOfFinite(values: Numbers): Sums {
  const all: Sums = {
    sum: 0,
    squares: 0,
    minimum: Infinity,
    maximum: -Infinity,
    zeros: 0,
    nan: 0,
    infinite: 0,
  };
  const sum = new ExactSum();
  const squares = new ExactSum();
  for (const value of values) {
    if (Number.isNaN(value)) {
      all.nan += 1;
    } else if (!isFinite64(value)) {
      all.infinite += 1;
    } else {
      sum.add(value);
      squares.add(value * value);
      all.minimum = Math.min(all.minimum, value);
      all.maximum = Math.max(all.maximum, value);
      all.zeros += Number(value === 0);
    }
  }
  return { ...all, sum: sum.value, squares: squares.value };
}

/** Whether a number is neither NaN nor infinite. */
export function isFinite64(value: number): boolean {
  return value - value === 0;
}
