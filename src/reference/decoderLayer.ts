import type { LayerShape } from './encoderLayer';
import { feedForward } from './feedForward';
import { within, type ForwardContext } from './forwardContext';
import type { Mask } from './masks';
import { multiHeadAttention } from './multiHeadAttention';
import type { MultiHeadOptions } from './multiHeadAttention';
import type { LayerParameters } from './parameters';
import { addAndNorm } from './sublayer';
import type { Tensor } from './tensor';

/** What the encoder made of its text, and which of its tokens are none. */
export interface EncoderStates {
  /** [batch, keys, d_model] */
  states: Tensor;
  /** Which tokens of the encoder those of the decoder see. */
  mask: Mask;
}

/**
 * One of the N layers of the decoder, right in Figure 1 of "Attention Is All You Need" (2017) and
 * section 3.1: Masked Multi-Head Attention, Add & Norm, Multi-Head Attention over the encoder's
 * output, Add & Norm, Feed Forward, Add & Norm.
 *
 * Points: those of the encoder's layer; `cross_attn`, `hook_cross_attn_out` and
 * `hook_resid_mid_cross`, the sum after cross attention. The norm of cross attention is `ln2`, that of
 * the feed-forward network `ln3`.
 *
 * @param x [batch, queries, d_model]
 * @returns [batch, queries, d_model]
 */
export function decoderLayer(
  x: Tensor,
  encoderStates: EncoderStates,
  weights: DecoderLayerParameters,
  shape: LayerShape,
  options: MultiHeadOptions,
  context: ForwardContext,
): Tensor {
  const { hooks } = context;
  const { attention, crossAttention, feedForward: network } = weights;
  const input = hooks.at('hook_resid_pre', x);
  const attended = addAndNorm(
    input,
    (y) =>
      multiHeadAttention(
        y,
        y,
        attention.sublayer,
        shape.attention,
        options,
        within(context, 'attn'),
      ),
    attention.norm,
    shape,
    { norm: 'ln1', output: 'hook_attn_out', residual: 'hook_resid_mid' },
    hooks,
  );
  const crossed = addAndNorm(
    attended,
    (y) =>
      multiHeadAttention(
        y,
        encoderStates.states,
        crossAttention.sublayer,
        shape.attention,
        { mask: encoderStates.mask },
        within(context, 'cross_attn'),
      ),
    crossAttention.norm,
    shape,
    { norm: 'ln2', output: 'hook_cross_attn_out', residual: 'hook_resid_mid_cross' },
    hooks,
  );
  return addAndNorm(
    crossed,
    (y) => feedForward(y, network.sublayer, shape.feedForward, within(context, 'mlp')),
    network.norm,
    shape,
    { norm: 'ln3', output: 'hook_mlp_out', residual: 'hook_resid_post' },
    hooks,
  );
}

/** A layer whose cross attention is there. */
export type DecoderLayerParameters = LayerParameters<Float32Array> &
  Required<Pick<LayerParameters<Float32Array>, 'crossAttention'>>;
