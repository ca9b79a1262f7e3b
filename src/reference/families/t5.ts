import type { ConfigReader } from '../config/configReader';
import type { StackShape } from '../config/modelShape';
import type { Family } from './family';
import type { AttentionNames, StackNames } from './names';

/**
 * Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer"
 * (2020), section 2.1. Scores are not scaled: training starts from smaller weights instead.
 */
export const t5: Family = {
  types: ['t5'],
  classes: ['ForConditionalGeneration'],
  shape: (config) => {
    const vocabulary = config.size('vocab_size');
    const width = config.size('d_model');
    const encoder = stackShape(config, config.layers('num_layers'), false);
    const decoderLayers = config.optionalSize('num_decoder_layers') ?? encoder.layers;
    const isTied = config.flag('tie_word_embeddings', true);
    const isScaled = config.flag('scale_decoder_outputs', isTied);
    return {
      family: 't5',
      encoder,
      decoder: stackShape(config, decoderLayers, true),
      unembedding: { vocabulary, scale: isScaled ? 1 / Math.sqrt(width) : 1, bias: false },
    };
  },
  names: (config) => {
    const isGated = gate(config).gated;
    return {
      base: '',
      encoder: stackNames('encoder', isGated),
      decoder: stackNames('decoder', isGated),
      unembedding: { weight: ['lm_head.weight', ...tokens('decoder')] },
    };
  },
};

function stackShape(config: ConfigReader, layers: number, isDecoder: boolean): StackShape {
  const width = config.size('d_model');
  const heads = config.size('num_heads');
  return {
    layers,
    width,
    input: { kind: 'text', vocabulary: config.size('vocab_size'), width, scale: 1, tokenTypes: 0 },
    positions: {
      kind: 'relative',
      buckets: config.size('relative_attention_num_buckets'),
      maximumDistance: config.optionalSize('relative_attention_max_distance') ?? 128,
    },
    attention: {
      heads,
      keyValueHeads: heads,
      headSize: config.size('d_kv'),
      scale: 1,
      biases: { queriesKeysValues: false, output: false },
    },
    feedForward: { inner: config.size('d_ff'), ...gate(config), bias: false },
    norm: { kind: 'rms', epsilon: config.number('layer_norm_epsilon', 1e-6) },
    normPlace: 'before',
    finalNorm: true,
    causal: isDecoder,
    crossAttention: isDecoder,
  };
}

/** `feed_forward_proj` is an activation or `gated-` and one; gated GELU means its tanh form. */
function gate(config: ConfigReader): Pick<StackShape['feedForward'], 'activation' | 'gated'> {
  const key = 'feed_forward_proj';
  const value = config.entry(key) ?? 'relu';
  const activation = { relu: 'relu', gelu: 'gelu', gelu_new: 'gelu_tanh' } as const;
  const gated = { 'gated-gelu': 'gelu_tanh', 'gated-silu': 'silu', 'gated-relu': 'relu' } as const;
  if (typeof value === 'string' && Object.hasOwn(activation, value)) {
    return { activation: activation[value as keyof typeof activation], gated: false };
  }
  if (typeof value === 'string' && Object.hasOwn(gated, value)) {
    return { activation: gated[value as keyof typeof gated], gated: true };
  }
  throw config.unknownSetting(key);
}

/** A stack's own name comes first: in files of their own, one table may be rounded in two ways. */
function tokens(stack: string): string[] {
  return [`${stack}.embed_tokens.weight`, 'shared.weight'];
}

function stackNames(stack: 'encoder' | 'decoder', isGated: boolean): StackNames {
  const attention = (sublayer: number, module: string): AttentionNames => ({
    query: `layer.${sublayer}.${module}.q`,
    key: `layer.${sublayer}.${module}.k`,
    value: `layer.${sublayer}.${module}.v`,
    output: `layer.${sublayer}.${module}.o`,
    norm: `layer.${sublayer}.layer_norm`,
  });
  const last = `layer.${stack === 'encoder' ? 1 : 2}`;
  const dense = `${last}.DenseReluDense`;
  return {
    embeddings: { tokens: tokens(stack) },
    relativePositions: `${stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`,
    layer: (index) => `${stack}.block.${index}`,
    attention: attention(0, 'SelfAttention'),
    ...(stack === 'decoder' && { crossAttention: attention(1, 'EncDecAttention') }),
    feedForward: {
      ...(isGated ? { gate: `${dense}.wi_0`, up: `${dense}.wi_1` } : { up: `${dense}.wi` }),
      down: `${dense}.wo`,
      norm: `${last}.layer_norm`,
    },
    finalNorm: `${stack}.final_layer_norm`,
  };
}
