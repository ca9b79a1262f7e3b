import { elementIndex } from '../../onnx/graph/elementIndex';
import type { TensorFigures } from '../../shared/modelDiff';
import type { Numbers } from '../../weights/numbers';
import { countOf, type TensorNumbers } from '../tensors/tensorNumbers';
import { stretches, type Work } from '../tensors/work';
import { NumberDifferences } from './numberDifferences';

/**
 * How the numbers of two tensors differ; both are read a stretch at a time.
 *
 * @param b of as many elements as `a`.
 * @param isTurned whether the one is stored as the transpose of the other: two dimensions, [rows, columns]
 *   and [columns, rows].
 * @param band elements of a matrix that are turned at a time.
 * @throws the signal's reason; Failure as reading the tensors does.
 */
export async function compareNumbers(
  a: TensorNumbers,
  b: TensorNumbers,
  isTurned: boolean,
  work: Work,
  band = BAND,
): Promise<TensorFigures> {
  const differences = new NumberDifferences();
  if (isTurned) {
    await compareTurned(differences, a, b, work, band);
  } else {
    const both = (first: number, count: number): Promise<[Numbers, Numbers]> =>
      Promise.all([a.read(first, count), b.read(first, count)]);
    for await (const { first, elements } of stretches(countOf(a), both, work)) {
      differences.add(...elements, first);
    }
  }
  return differences.figures((at) => elementIndex(at, a.dims));
}

/** Elements of a matrix that are turned at a time: 64 MB. */
const BAND = 2 ** 23;

/**
 * Compares a matrix with one that is stored as its transpose, some of its rows at a time. Of the other they
 * are columns, for which all of it is read: once for matrices of up to `band` elements.
 */
async function compareTurned(
  differences: NumberDifferences,
  a: TensorNumbers,
  b: TensorNumbers,
  work: Work,
  band: number,
): Promise<void> {
  const [rows = 0, columns = 0] = a.dims;
  const rowsAtOnce = Math.max(1, Math.floor(band / Math.max(1, columns)));
  for (let top = 0; top < rows; top += rowsAtOnce) {
    const height = Math.min(rowsAtOnce, rows - top);
    const turned = new Float64Array(height * columns);
    const part = { from: top / rows, to: (top + height / 2) / rows };
    for await (const { first, elements } of stretches(rows * columns, b.read, work, part)) {
      turnInto(turned, elements, first, { rows, columns, top, height });
    }
    const begin = top * columns;
    const read = (first: number, count: number): Promise<Numbers> => a.read(begin + first, count);
    const rest = { from: part.to, to: (top + height) / rows };
    for await (const { first, elements } of stretches(height * columns, read, work, rest)) {
      const own = turned.subarray(first, first + elements.length);
      differences.add(elements, own, begin + first);
    }
  }
}

/** Puts those of some elements of a transpose that are in a band of rows where they are in the matrix. */
function turnInto(
  band: Float64Array,
  elements: Numbers,
  first: number,
  { rows, columns, top, height }: { rows: number; columns: number; top: number; height: number },
): void {
  const end = first + elements.length;
  for (let column = Math.floor(first / rows); column * rows < end; column++) {
    const start = column * rows;
    const from = Math.max(top, first - start);
    const to = Math.min(top + height, end - start);
    for (let row = from; row < to; row++) {
      band[(row - top) * columns + column] = elements[start + row - first] ?? 0;
    }
  }
}
