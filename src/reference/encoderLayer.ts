import { feedForward } from './feedForward';
import type { FeedForwardShape } from './feedForward';
import { within, type ForwardContext } from './forwardContext';
import { multiHeadAttention } from './multiHeadAttention';
import type { AttentionShape, MultiHeadOptions } from './multiHeadAttention';
import type { NormShape } from './norms';
import type { LayerParameters } from './parameters';
import { addAndNorm } from './sublayer';
import type { Tensor } from './tensor';

/** What a layer is made of. */
export interface LayerShape {
  attention: AttentionShape;
  feedForward: FeedForwardShape;
  norm: NormShape;
  /**
   * Whether a sublayer's norm comes after it and the residual connection, as in the paper's Figure 1,
   * or before it, within the connection: Xiong et al., "On Layer Normalization in the Transformer
   * Architecture" (2020), Figure 1.
   */
  normPlace: 'after' | 'before';
}

/**
 * One of the N layers of the encoder, left in Figure 1 of "Attention Is All You Need" (2017) and
 * section 3.1: Multi-Head Attention, Add & Norm, Feed Forward, Add & Norm. With a causal mask it is a
 * layer of a decoder that has no encoder, as in GPT-2 and Llama.
 *
 * Points: `hook_resid_pre`, the input; `hook_attn_out`; `hook_resid_mid`, the sum after attention;
 * `hook_mlp_out`; `hook_resid_post`, the sum after the feed-forward network [batch, tokens, d_model];
 * `ln1` and `ln2`, the norms. With norms after, the layer's output is `ln2.hook_normalized`.
 *
 * @param x [batch, tokens, d_model]
 * @returns [batch, tokens, d_model]
 */
export function encoderLayer(
  x: Tensor,
  weights: LayerParameters<Float32Array>,
  shape: LayerShape,
  options: MultiHeadOptions,
  context: ForwardContext,
): Tensor {
  const { hooks } = context;
  const input = hooks.at('hook_resid_pre', x);
  const attended = addAndNorm(
    input,
    (y) =>
      multiHeadAttention(
        y,
        y,
        weights.attention.sublayer,
        shape.attention,
        options,
        within(context, 'attn'),
      ),
    weights.attention.norm,
    shape,
    { norm: 'ln1', output: 'hook_attn_out', residual: 'hook_resid_mid' },
    hooks,
  );
  return addAndNorm(
    attended,
    (y) => feedForward(y, weights.feedForward.sublayer, shape.feedForward, within(context, 'mlp')),
    weights.feedForward.norm,
    shape,
    { norm: 'ln2', output: 'hook_mlp_out', residual: 'hook_resid_post' },
    hooks,
  );
}
