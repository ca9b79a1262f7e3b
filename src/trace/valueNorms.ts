/** A tensor, row-major. */
interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * Attention weighted by what it brings: ‖α_qk · v_k · W_O‖, the length of the vector that each key
 * adds to the query's place in the residual stream through one head (Kobayashi et al., 2020,
 * "Attention is Not Only a Weight", section 3). A key with a large probability and a value near zero
 * brings nothing.
 *
 * @param pattern probabilities of one head, [queries, keys].
 * @param values values of its keys, [keys, d_head].
 * @param output the head's columns of the output projection, [d_model, d_head].
 * @returns lengths [queries, keys]
 */
export function weightedByValues(pattern: Tensor, values: Tensor, output: Tensor): Float32Array {
  const lengths = projectedLengths(values, output);
  return pattern.data.map((p, index) => p * (lengths[index % lengths.length] ?? 0));
}

/** ‖v_k · W_O‖ by key. */
function projectedLengths(values: Tensor, output: Tensor): Float64Array {
  const [keys = 0, size = 0] = values.dims;
  const [width = 0] = output.dims;
  const lengths = new Float64Array(keys);
  for (let key = 0; key < keys; key++) {
    let squares = 0;
    for (let row = 0; row < width; row++) {
      let sum = 0;
      for (let inner = 0; inner < size; inner++) {
        sum += (values.data[key * size + inner] ?? 0) * (output.data[row * size + inner] ?? 0);
      }
      squares += sum * sum;
    }
    lengths[key] = Math.sqrt(squares);
  }
  return lengths;
}
