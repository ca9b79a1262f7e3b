import { applyActivation } from './activations';
import type { Activation } from './activations';
import type { ForwardContext } from './forwardContext';
import { linear } from './linear';
import type { FeedForwardParameters } from './parameters';
import type { Tensor } from './tensor';

/** Sizes of the feed-forward network of a layer. */
export interface FeedForwardShape {
  /** d_ff in the paper: the width between the two linear layers. */
  inner: number;
  activation: Activation;
  /** Whether a second linear layer opens and closes each of the inner elements. */
  gated: boolean;
  /** Whether the linear layers have a bias. */
  bias: boolean;
}

/**
 * The position-wise feed-forward network, f(x W₁ + b₁) W₂ + b₂: "Attention Is All You Need" (2017),
 * section 3.3. Gated, (f(x W_gate) ⊙ x W_up) W₂: Shazeer, "GLU Variants Improve Transformer" (2020),
 * equation 6.
 *
 * Points: `hook_pre`, what the activation is given, `hook_pre_linear`, what it gates, and `hook_post`,
 * what the last linear layer is given [batch, tokens, d_ff].
 *
 * @param x [batch, tokens, d_model]
 * @returns [batch, tokens, d_model]
 */
export function feedForward(
  x: Tensor,
  weights: FeedForwardParameters<Float32Array>,
  { activation }: FeedForwardShape,
  context: ForwardContext,
): Tensor {
  const { hooks } = context;
  const { gate, up, down } = weights;
  const pre = hooks.at('hook_pre', linear(x, gate ?? up, context));
  let post = applyActivation(pre, activation);
  if (gate !== undefined) {
    post = product(post, hooks.at('hook_pre_linear', linear(x, up, context)));
  }
  return linear(hooks.at('hook_post', post), down, context);
}

/** a ⊙ b, element by element. */
function product(a: Tensor, b: Tensor): Tensor {
  return { dims: a.dims, data: a.data.map((value, i) => value * (b.data[i] ?? 0)) };
}
