/** A logistic regression: 1 / (1 + exp(−(intercept + Σ weights·x))). */
export interface Logistic {
  intercept: number;
  weights: number[];
}

const ROUNDS = 50;

/**
 * Fits a logistic regression by Newton's method, with a penalty of ½ Σ w² on the weights of standardised
 * features (Hastie, Tibshirani and Friedman 2009, "The Elements of Statistical Learning", section 4.4).
 * @param rows features, [row][feature]
 * @param labels 1 or 0
 */
export function fitLogistic(rows: readonly number[][], labels: readonly number[]): Logistic {
  const size = rows[0]?.length ?? 0;
  const columns = Array.from({ length: size }, (_, at) => rows.map((row) => row[at] ?? 0));
  const means = columns.map(mean);
  const scales = columns.map(
    (column, at) => Math.sqrt(mean(column.map((x) => (x - (means[at] ?? 0)) ** 2))) || 1,
  );
  const inputs = rows.map((row) => [
    1,
    ...row.map((x, at) => (x - (means[at] ?? 0)) / (scales[at] ?? 1)),
  ]);
  let weights = Array.from({ length: size + 1 }, () => 0);
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = weights.map((w, at) => (at === 0 ? 0 : w));
    const hessian = weights.map((_, i) => weights.map((__, j) => (i === j && i > 0 ? 1 : 0)));
    for (const [index, x] of inputs.entries()) {
      const p = 1 / (1 + Math.exp(-dot(weights, x)));
      for (const [i, xi] of x.entries()) {
        gradient[i] = (gradient[i] ?? 0) + (p - (labels[index] ?? 0)) * xi;
        const row = hessian[i] as number[];
        for (const [j, xj] of x.entries()) {
          row[j] = (row[j] ?? 0) + p * (1 - p) * xi * xj;
        }
      }
    }
    const step = solve(hessian, gradient);
    weights = weights.map((w, at) => w - (step[at] ?? 0));
  }
  const [first = 0, ...others] = weights;
  const unscaled = others.map((w, at) => w / (scales[at] ?? 1));
  return { intercept: first - dot(unscaled, means), weights: unscaled };
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  const size = rows.length;
  for (let at = 0; at < size; at++) {
    const best = rows.reduce(
      (found, row, index) =>
        index >= at && Math.abs(row[at] ?? 0) > Math.abs(rows[found]?.[at] ?? 0) ? index : found,
      at,
    );
    [rows[at], rows[best]] = [rows[best] as number[], rows[at] as number[]];
    const pivot = rows[at] as number[];
    for (const [index, row] of rows.entries()) {
      if (index !== at) {
        const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
        for (let column = at; column <= size; column++) {
          row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
        }
      }
    }
  }
  return rows.map((row, at) => (row[size] ?? 0) / (row[at] ?? 1));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, at) => sum + x * (b[at] ?? 0), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
