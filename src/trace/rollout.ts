/**
 * Attention rollout: how much of each input token is in each position of the last layer, if every
 * position were mixed of others by attention alone, half of it staying what it was.
 *
 * Ã = ½ (A + I), with A the mean over the heads, and R_l = Ã_l · R_{l−1}, R_0 = I (Abnar and Zuidema,
 * 2020, "Quantifying Attention Flow in Transformers", section 3). It knows neither values nor
 * feed-forward layers, so it is an estimate; where queries see only the keys before them, the first
 * token gathers more of it with every layer.
 *
 * @param layers each layer's probabilities [head][query][key], of the first layer first.
 * @returns R after each layer, [position][input token], whose rows sum to 1.
 */
export function attentionRollout(
  layers: readonly Float32Array[],
  heads: number,
  tokens: number,
): Float32Array[] {
  let flow = identity(tokens);
  return layers.map((layer) => {
    flow = product(mixing(layer, heads, tokens), flow, tokens);
    return flow;
  });
}

/** Ã of one layer. */
function mixing(layer: Float32Array, heads: number, tokens: number): Float32Array {
  const result = identity(tokens).map((one) => one / 2);
  for (let index = 0; index < layer.length; index++) {
    const cell = index % (tokens * tokens);
    result[cell] = (result[cell] ?? 0) + (layer[index] ?? 0) / (2 * heads);
  }
  return result;
}

function identity(size: number): Float32Array {
  return new Float32Array(size * size).map((_, index) => (index % (size + 1) === 0 ? 1 : 0));
}

/** Of two square matrices. */
function product(a: Float32Array, b: Float32Array, size: number): Float32Array {
  const result = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = a[row * size + inner] ?? 0;
      for (let column = 0; column < size; column++) {
        const cell = row * size + column;
        result[cell] = (result[cell] ?? 0) + factor * (b[inner * size + column] ?? 0);
      }
    }
  }
  return result;
}
