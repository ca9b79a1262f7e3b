/**
 * The standard deviation of each token's logits over the vocabulary, and the mean of these over the
 * tokens: what a difference of logits is small against.
 * @param logits [token][vocabulary]
 */
export function meanLogitDeviation(logits: Float32Array, vocabulary: number): number {
  const rows = rowsOf(logits, vocabulary);
  return rows.reduce((sum, row) => sum + standardDeviation(row), 0) / rows.length;
}

/** At how many tokens the largest logit of both is that of the same token of the vocabulary. */
export function countSameTopToken(a: Float32Array, b: Float32Array, vocabulary: number): number {
  const others = rowsOf(b, vocabulary);
  return rowsOf(a, vocabulary).filter((row, i) => largestAt(row) === largestAt(others[i])).length;
}

function rowsOf(values: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  );
}

function standardDeviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function largestAt(values: Float32Array | undefined): number {
  return values?.reduce((best, value, i) => (value > (values[best] ?? NaN) ? i : best), 0) ?? -1;
}
