import type { TensorFigures } from '../../shared/modelDiff';
import type { Numbers } from '../../weights/numbers';
import { ExactSum, isFinite64 } from '../tensors/sums';

/** Numbers that are added up before their sum is added to the others': what is rounded off stays small. */
const PIECE = 1024;

/** How two rows of numbers differ, added up stretch by stretch. */
export class NumberDifferences {
  private elements = 0;
  private differing = 0;
  private notFinite = 0;
  private readonly squares = { a: new ExactSum(), b: new ExactSum(), difference: new ExactSum() };
  private readonly products = new ExactSum();
  private largest = { at: 0, a: 0, b: 0, distance: -1 };

  /**
   * Adds a stretch.
   * @param first the place of its first element.
   */
  add(a: Numbers, b: Numbers, first: number): void {
    for (let start = 0; start < a.length; start += PIECE) {
      this.addPiece(a, b, start, Math.min(a.length, start + PIECE), first);
    }
    this.elements += a.length;
  }

  private addPiece(a: Numbers, b: Numbers, start: number, end: number, first: number): void {
    let [ofA, ofB, ofDifference, ofProducts, differing] = [0, 0, 0, 0, 0];
    let furthest = -1;
    let distance = this.largest.distance;
    for (let i = start; i < end; i++) {
      const one = a[i] ?? 0;
      const other = b[i] ?? 0;
      const difference = one - other;
      ofA += one * one;
      ofB += other * other;
      ofDifference += difference * difference;
      ofProducts += one * other;
      differing += difference === 0 ? 0 : 1;
      const size = difference < 0 ? -difference : difference;
      if (size > distance) {
        distance = size;
        furthest = i;
      }
    }
    if (!isFinite64(ofA + ofB)) {
      this.addUnusual(a, b, start, end, first);
      return;
    }
    this.squares.a.add(ofA);
    this.squares.b.add(ofB);
    this.squares.difference.add(ofDifference);
    this.products.add(ofProducts);
    this.differing += differing;
    if (furthest >= 0) {
      this.largest = { at: first + furthest, a: a[furthest] ?? 0, b: b[furthest] ?? 0, distance };
    }
  }

  /** The same where some numbers are not finite, or their squares are not. */
  private addUnusual(a: Numbers, b: Numbers, start: number, end: number, first: number): void {
    for (let i = start; i < end; i++) {
      const one = a[i] ?? 0;
      const other = b[i] ?? 0;
      if (isFinite64(one) && isFinite64(other)) {
        const difference = one - other;
        this.squares.a.add(one * one);
        this.squares.b.add(other * other);
        this.squares.difference.add(difference * difference);
        this.products.add(one * other);
        this.differing += Number(difference !== 0);
        const distance = Math.abs(difference);
        if (distance > this.largest.distance) {
          this.largest = { at: first + i, a: one, b: other, distance };
        }
      } else if (!Object.is(one, other)) {
        this.differing += 1;
        this.notFinite += 1;
      }
    }
  }

  /** @param indexOf the index of an element in each dimension. */
  figures(indexOf: (at: number) => number[]): TensorFigures {
    const { at, a, b } = this.largest;
    const norms = {
      a: Math.sqrt(this.squares.a.value),
      b: Math.sqrt(this.squares.b.value),
      difference: Math.sqrt(this.squares.difference.value),
    };
    const relative = norms.difference / norms.a;
    const cosine = this.products.value / (norms.a * norms.b);
    const signalToNoise = 20 * Math.log10(norms.a / norms.difference);
    return {
      kind: 'numbers',
      elements: this.elements,
      differing: this.differing,
      notFinite: this.notFinite,
      largest: { index: indexOf(at), a, b },
      ...(isFinite64(relative) ? { relative } : {}),
      ...(isFinite64(cosine) ? { cosine: Math.min(1, Math.max(-1, cosine)) } : {}),
      ...(isFinite64(signalToNoise) ? { signalToNoise } : {}),
    };
  }
}
