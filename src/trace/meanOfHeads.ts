/** The mean over heads of maps [head][query][key]: [query][key]. */
export function meanOfHeads(layer: Float32Array, heads: number): Float32Array {
  const size = layer.length / heads;
  const mean = new Float32Array(size);
  for (let at = 0; at < layer.length; at++) {
    mean[at % size] = (mean[at % size] ?? 0) + (layer[at] ?? 0) / heads;
  }
  return mean;
}
