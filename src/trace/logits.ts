/**
 * ln Σ exp(xᵢ) in double precision, without overflow: the largest value is taken out of the sum.
 * Subtracted from a logit it gives the logarithm of the softmax probability.
 */
export function logSumExp(logits: Float32Array): number {
  let largest = -Infinity;
  for (const logit of logits) {
    if (logit > largest) {
      largest = logit;
    }
  }
  if (!Number.isFinite(largest)) {
    return largest;
  }
  let sum = 0;
  for (const logit of logits) {
    sum += Math.exp(logit - largest);
  }
  return largest + Math.log(sum);
}

/** 1 + the number of logits that are strictly larger than that of `id`: equals share a rank. */
export function rank(logits: Float32Array, id: number): number {
  const own = logits[id] ?? -Infinity;
  let larger = 0;
  for (const logit of logits) {
    if (logit > own) {
      larger++;
    }
  }
  return 1 + larger;
}

/**
 * Ids of the `count` largest logits, largest first, and the smaller id first among equals. Meant
 * for few: time grows with `count` times the vocabulary at worst.
 */
export function topK(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    let place = best.length;
    while (place > 0 && logit > (logits[best[place - 1] as number] as number)) {
      place--;
    }
    if (place < count) {
      best.splice(place, 0, id);
      if (best.length > count) {
        best.pop();
      }
    }
  }
  return best;
}
