import type { ConfigReader } from '../config/configReader';
import type { NormShape } from '../norms';
import type { ConvolutionShape } from '../sound/soundShape';
import { multiHeadShape } from '../multiHeadAttention';
import type { Family } from './family';

/**
 * Baevski et al., "wav2vec 2.0: A Framework for Self-Supervised Learning of Speech Representations"
 * (2020), section 2, with the output layer that names letters (section 4.2).
 */
export const wav2vec2: Family = {
  types: ['wav2vec2'],
  classes: ['ForCTC'],
  shape: (config) => {
    config.mustBe('add_adapter', false);
    config.mustBe('feat_extract_norm', 'group', 'layer');
    const width = config.size('hidden_size');
    const heads = config.size('num_attention_heads');
    const headSize = config.share(width, heads);
    const norm: NormShape = { kind: 'layer', epsilon: config.number('layer_norm_eps', 1e-5) };
    const groups = config.size('num_conv_pos_embedding_groups');
    // Whole channels to a group.
    config.share(width, groups);
    const isBefore = config.flag('do_stable_layer_norm', false);
    return {
      family: 'wav2vec2',
      encoder: {
        layers: config.layers('num_hidden_layers'),
        width,
        input: {
          kind: 'sound',
          convolutions: convolutions(config),
          activation: config.activation('feat_extract_activation', 'gelu'),
          projectionNorm: norm,
          positions: {
            kernel: config.size('num_conv_pos_embeddings'),
            groups,
          },
          ...(!isBefore && { norm }),
        },
        positions: { kind: 'convolutional' },
        attention: multiHeadShape(heads, headSize),
        feedForward: {
          inner: config.size('intermediate_size'),
          activation: config.activation('hidden_act', 'gelu'),
          gated: false,
          bias: true,
        },
        norm,
        normPlace: isBefore ? 'before' : 'after',
        finalNorm: isBefore,
        causal: false,
        crossAttention: false,
      },
      unembedding: { vocabulary: config.size('vocab_size'), scale: 1, bias: true },
    };
  },
  names: () => ({
    base: 'wav2vec2.',
    encoder: {
      sound: {
        convolution: (index) => ({
          convolution: `wav2vec2.feature_extractor.conv_layers.${index}.conv`,
          norm: `wav2vec2.feature_extractor.conv_layers.${index}.layer_norm`,
        }),
        projectionNorm: 'wav2vec2.feature_projection.layer_norm',
        projection: 'wav2vec2.feature_projection.projection',
        positions: 'wav2vec2.encoder.pos_conv_embed.conv',
        norm: 'wav2vec2.encoder.layer_norm',
      },
      layer: (index) => `wav2vec2.encoder.layers.${index}`,
      attention: {
        query: 'attention.q_proj',
        key: 'attention.k_proj',
        value: 'attention.v_proj',
        output: 'attention.out_proj',
        norm: 'layer_norm',
      },
      feedForward: {
        up: 'feed_forward.intermediate_dense',
        down: 'feed_forward.output_dense',
        norm: 'final_layer_norm',
      },
      finalNorm: 'wav2vec2.encoder.layer_norm',
    },
    unembedding: { weight: ['lm_head.weight'], bias: ['lm_head.bias'] },
  }),
};

function convolutions(config: ConfigReader): ConvolutionShape[] {
  const channels = config.sizes('conv_dim');
  const kernels = config.sizes('conv_kernel');
  const strides = config.sizes('conv_stride');
  const bias = config.flag('conv_bias', false);
  for (const [key, { length }] of [
    ['conv_kernel', kernels],
    ['conv_stride', strides],
  ] as const) {
    if (length !== channels.length) {
      throw config.contradiction(`conv_dim ${channels.length}, ${key} ${length}`);
    }
  }
  const isOfLayers = config.entry('feat_extract_norm') === 'layer';
  return channels.map((outputs, index) => ({
    inputs: channels[index - 1] ?? 1,
    outputs,
    kernel: kernels[index] ?? 1,
    stride: strides[index] ?? 1,
    bias,
    norm: isOfLayers ? 'layer' : index === 0 ? 'channel' : 'none',
  }));
}
