import type { Tensor } from './tensor';

/** A function between the two linear layers of a feed-forward network. */
export type Activation = 'relu' | 'gelu' | 'gelu_tanh' | 'silu' | 'tanh';

/** Applies an activation to every element. */
export function applyActivation({ dims, data }: Tensor, activation: Activation): Tensor {
  return { dims, data: data.map(FUNCTIONS[activation]) };
}

const FUNCTIONS: Readonly<Record<Activation, (x: number) => number>> = {
  /** max(0, x): Vaswani et al. (2017), section 3.3. */
  relu: (x) => (x > 0 ? x : 0),
  /** x·Φ(x), Φ the normal distribution: Hendrycks & Gimpel, "Gaussian Error Linear Units" (2016). */
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  /** The approximation in section 2 of the same paper, which GPT-2 uses. */
  gelu_tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  /** x·σ(x), also called Swish: Ramachandran et al., "Searching for Activation Functions" (2017). */
  silu: (x) => x / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

/** From here on erf(x) differs from 1 by less than a double can tell. */
const ERF_IS_ONE = 6;

/**
 * The error function, to the precision of a double: Abramowitz & Stegun, "Handbook of Mathematical
 * Functions" (1964), 7.1.6, whose terms all have one sign:
 * erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·5⋯(2n+1)).
 */
export function erf(x: number): number {
  if (Math.abs(x) > ERF_IS_ONE) {
    return Math.sign(x);
  }
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Number.EPSILON * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
