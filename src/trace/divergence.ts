import { logSumExp } from './logits';

/** Logarithms of softmax probabilities. */
export function logProbabilities(logits: Float32Array): Float32Array {
  const total = logSumExp(logits);
  return logits.map((logit) => logit - total);
}

/** Kullback–Leibler divergence Σ p (ln p − ln q) of log-probabilities, in nats. */
export function divergence(p: Float32Array, q: Float32Array): number {
  let sum = 0;
  p.forEach((log, id) => {
    const probability = Math.exp(log);
    // What has no probability adds nothing, whatever the other one gives it.
    sum += probability === 0 ? 0 : probability * (log - (q[id] ?? NaN));
  });
  return Math.max(0, sum);
}
