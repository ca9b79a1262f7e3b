import { Failure } from '../../shared/failure';
import type { Matrix } from '../../weights/matrix';

/** Rows of a table that are looked at. */
const ROWS = 4;

/** Features of a row that are looked at; no model has more. */
const MOST_FEATURES = 2 ** 16;

/** How far sin² + cos² may be from 1 besides the rounding of what is stored. */
const SLACK = 1e-3;

/**
 * Whether the rows of a table are sines and cosines of positions (Vaswani et al. 2017, section 3.5): in the
 * first rows that are not all zero, each sine and its cosine lie on the unit circle, and they are not all
 * alike. Sines stand before their cosines or in the first half of a row.
 * @returns undefined where the table cannot be read.
 */
export async function areSinusoids(table: Matrix): Promise<boolean | undefined> {
  const { rows, columns } = table;
  if (columns < 2 || columns % 2 !== 0 || columns > MOST_FEATURES) {
    return false;
  }
  let compared = 0;
  let areAlike = true;
  let before: Float32Array | undefined;
  // A row for padding may be zero, and the first position is sines and cosines of 0.
  for (let row = 0; row < rows && compared < ROWS; row++) {
    const read = await rowOf(table, row);
    if (read === undefined) {
      return undefined;
    }
    const { values, errors } = read;
    if (values.every((value) => value === 0)) {
      continue;
    }
    if (!isOnCircles(values, errors)) {
      return false;
    }
    areAlike &&= before === undefined || values.every((value, i) => value === before?.[i]);
    before = values;
    compared += 1;
  }
  return compared > 1 && !areAlike;
}

async function rowOf(table: Matrix, row: number) {
  try {
    return await table.read(row, 0, table.columns);
  } catch (error) {
    if (error instanceof Failure || error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

/** Whether each number and its partner, which stands behind it or half a row away, have length 1. */
function isOnCircles(values: Float32Array, errors: Float32Array): boolean {
  const half = values.length / 2;
  const isOne = (one: number, other: number): boolean => {
    const [a, b] = [values[one] ?? NaN, values[other] ?? NaN];
    const allowed = SLACK + 4 * ((errors[one] ?? 0) + (errors[other] ?? 0));
    return Math.abs(a * a + b * b - 1) <= allowed;
  };
  const pairs = Array.from({ length: half }, (_, pair) => pair);
  return (
    pairs.every((pair) => isOne(pair, pair + half)) ||
    pairs.every((pair) => isOne(2 * pair, 2 * pair + 1))
  );
}
