/** The attention maps of a layer. */
export interface LayerMaps {
  heads: number;
  queries: number;
  keys: number;
  /** [head][query][key] */
  values: Float32Array;
}

/**
 * How far the attention of each head is from that of another model: the share of a query's attention that goes
 * to other keys, on average over the queries. It is the total variation distance ½ Σ |p − q|, from 0 to 1.
 */
export function movedAttention(a: LayerMaps, b: LayerMaps): number[] {
  const size = a.queries * a.keys;
  return Array.from({ length: a.heads }, (_, head) => {
    let sum = 0;
    for (let i = head * size; i < (head + 1) * size; i++) {
      sum += Math.abs((a.values[i] ?? 0) - (b.values[i] ?? 0));
    }
    return sum / 2 / a.queries;
  });
}

/** 1 − the cosine of the angle between two vectors, from 0 to 2; 1 where one is zero. */
export function cosineDistance(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  a.forEach((one, index) => {
    const other = b[index] ?? 0;
    product += one * other;
    ofA += one * one;
    ofB += other * other;
  });
  const norms = Math.sqrt(ofA) * Math.sqrt(ofB);
  return norms === 0 ? Number(ofA !== ofB) : Math.min(2, Math.max(0, 1 - product / norms));
}
