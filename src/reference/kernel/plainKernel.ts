import { checkSizes, type MatrixKernel } from './matrixKernel';

const { fround } = Math;

/**
 * The kernel in plain TypeScript: the definition of what every kernel computes, and the one that
 * stands in where WebAssembly has no vectors.
 *
 * Four elements of a row are made at the same time, because a sum on its own would spend most of the
 * time waiting for its last addition. Numbers of JavaScript are float64, so each result is rounded;
 * that gives what float32 arithmetic gives, since float64 has more than twice its digits
 * (S. Figueroa, "When is double rounding innocuous?", 1995).
 */
export const plainKernel: MatrixKernel = {
  product: (a, b, m, k, n) => {
    checkSizes(a, b, m, k, n);
    const product = new Float32Array(m * n);
    for (let i = 0; i < m; i++) {
      const x = i * k;
      for (let j = 0; j < n; j += 4) {
        // Columns beyond the last one are the last one once more.
        const j1 = Math.min(j + 1, n - 1);
        const j2 = Math.min(j + 2, n - 1);
        const j3 = Math.min(j + 3, n - 1);
        let sum0 = 0;
        let sum1 = 0;
        let sum2 = 0;
        let sum3 = 0;
        for (let p = 0; p < k; p++) {
          const factor = a[x + p] as number;
          sum0 = fround(sum0 + fround(factor * (b[j * k + p] as number)));
          sum1 = fround(sum1 + fround(factor * (b[j1 * k + p] as number)));
          sum2 = fround(sum2 + fround(factor * (b[j2 * k + p] as number)));
          sum3 = fround(sum3 + fround(factor * (b[j3 * k + p] as number)));
        }
        product[i * n + j] = sum0;
        product[i * n + j1] = sum1;
        product[i * n + j2] = sum2;
        product[i * n + j3] = sum3;
      }
    }
    return product;
  },
};
