import { applyActivation } from './activations';
import type { Activation } from './activations';
import type { ForwardContext } from './forwardContext';
import { linear } from './linear';
import { norm } from './norms';
import type { NormShape } from './norms';
import type { UnembeddingParameters } from './parameters';
import { scale } from './tensor';
import type { Tensor } from './tensor';

/** What makes logits of the last layer's vectors. */
export interface UnembeddingShape {
  vocabulary: number;
  /** A further layer of masked language models. */
  transform?: { width: number; activation: Activation; norm: NormShape };
  /** What vectors are multiplied by first: 1/√d_model where T5 shares the embeddings' weight. */
  scale: number;
  bias: boolean;
}

/**
 * The box "Linear" at the top of Figure 1 of "Attention Is All You Need" (2017), section 3.4, whose
 * weight often is that of the embeddings. A softmax of the result gives the paper's output
 * probabilities. Masked language models transform the vectors first (Devlin et al., "BERT", 2019,
 * appendix; the code is the reference: `BertPredictionHeadTransform`).
 *
 * Points: `head.hook_pre`, `head.hook_post` and `head.ln`, of the transformation.
 *
 * @param x [batch, tokens, d_model]
 * @returns logits [batch, tokens, vocabulary]
 */
export function unembedding(
  x: Tensor,
  { transform, output }: UnembeddingParameters<Float32Array>,
  shape: UnembeddingShape,
  context: ForwardContext,
): Tensor {
  let y = scale(x, shape.scale);
  if (transform !== undefined && shape.transform !== undefined) {
    const inner = context.hooks.within('head');
    const pre = inner.at('hook_pre', linear(y, transform.dense, context));
    const post = inner.at('hook_post', applyActivation(pre, shape.transform.activation));
    y = norm(post, transform.norm, shape.transform.norm, inner.within('ln'));
  }
  return linear(y, output, context);
}
