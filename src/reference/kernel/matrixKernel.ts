/** The one operation that nearly all of a Transformer's time goes to. */
export interface MatrixKernel {
  /**
   * The product a · bᵀ. The second matrix comes with its rows as columns, as `transformers` stores
   * the weight of a linear layer; so each element of the product is one of two rows.
   *
   * Every kernel gives the same numbers, bit for bit (but for the bits of a NaN): an element is one
   * sum in the order of k that starts at 0, and each product and each sum is rounded to float32.
   *
   * @param a [m, k]
   * @param b [n, k]
   * @returns [m, n]
   * @throws RangeError if a matrix has another number of elements than the sizes say.
   */
  product(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Float32Array;
}

/** @throws RangeError as {@link MatrixKernel.product} does. */
export function checkSizes(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
): void {
  if (a.length !== m * k || b.length !== n * k) {
    throw new RangeError(
      `[${m}, ${k}] and [${n}, ${k}] do not fit ${a.length} and ${b.length} elements`,
    );
  }
}
