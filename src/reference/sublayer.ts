import type { Hooks } from './hooks';
import { norm } from './norms';
import type { NormShape } from './norms';
import type { NormParameters } from './parameters';
import { add } from './tensor';
import type { Tensor } from './tensor';

/** Names of the points around a sublayer. */
export interface SublayerPoints {
  norm: string;
  output: string;
  residual: string;
}

/**
 * A sublayer within its residual connection: "Add & Norm" of Figure 1 of "Attention Is All You Need"
 * (2017), LayerNorm(x + Sublayer(x)) (section 3.1); or with the norm before, x +
 * Sublayer(LayerNorm(x)).
 *
 * @param x [batch, tokens, d_model]
 */
export function addAndNorm(
  x: Tensor,
  sublayer: (x: Tensor) => Tensor,
  weights: NormParameters<Float32Array>,
  shape: { norm: NormShape; normPlace: 'after' | 'before' },
  points: SublayerPoints,
  hooks: Hooks,
): Tensor {
  const normed = (y: Tensor): Tensor => norm(y, weights, shape.norm, hooks.within(points.norm));
  const isBefore = shape.normPlace === 'before';
  const output = hooks.at(points.output, sublayer(isBefore ? normed(x) : x));
  const residual = hooks.at(points.residual, add(x, output));
  return isBefore ? residual : normed(residual);
}
