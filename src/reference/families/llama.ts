import type { ConfigReader } from '../config/configReader';
import type { ModelShape } from '../config/modelShape';
import type { RotaryScaling, RotaryShape } from '../positions/rotary';
import type { Family } from './family';
import type { FamilyNames } from './names';

/** Touvron et al., "LLaMA: Open and Efficient Foundation Language Models" (2023), section 2.2. */
export const llama: Family = {
  types: ['llama'],
  classes: ['ForCausalLM'],
  shape: (config) => {
    const bias = config.flag('attention_bias', false);
    return llamaShape(config, { queriesKeysValues: bias, output: bias });
  },
  names: llamaNames,
};

/** Yang et al., "Qwen2 Technical Report" (2024), section 2.2.1: queries, keys and values have biases. */
export const qwen2: Family = {
  types: ['qwen2'],
  classes: ['ForCausalLM'],
  shape: (config) => {
    config.mustBe('use_sliding_window', false);
    return llamaShape(config, { queriesKeysValues: true, output: false });
  },
  names: llamaNames,
};

function llamaShape(
  config: ConfigReader,
  biases: { queriesKeysValues: boolean; output: boolean },
): ModelShape {
  const width = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const keyValueHeads = config.optionalSize('num_key_value_heads') ?? heads;
  const headSize = config.optionalSize('head_dim') ?? config.share(width, heads);
  // Whole groups of heads share keys and values.
  config.share(heads, keyValueHeads);
  const vocabulary = config.size('vocab_size');
  return {
    family: String(config.entry('model_type')),
    decoder: {
      layers: config.layers('num_hidden_layers'),
      width,
      input: {
        kind: 'text',
        vocabulary,
        width,
        scale: 1,
        tokenTypes: 0,
        context: config.size('max_position_embeddings'),
      },
      positions: { kind: 'rotary', ...rotary(config) },
      attention: { heads, keyValueHeads, headSize, scale: 1 / Math.sqrt(headSize), biases },
      feedForward: {
        inner: config.size('intermediate_size'),
        activation: config.activation('hidden_act', 'silu'),
        gated: true,
        bias: config.flag('mlp_bias', false),
      },
      norm: { kind: 'rms', epsilon: config.number('rms_norm_eps', 1e-6) },
      normPlace: 'before',
      finalNorm: true,
      causal: true,
      crossAttention: false,
    },
    unembedding: { vocabulary, scale: 1, bias: false },
  };
}

/** `rope_parameters`, or what older files have: `rope_theta` and `rope_scaling`. */
function rotary(config: ConfigReader): RotaryShape {
  config.mustBe('partial_rotary_factor', 1);
  const key = config.entry('rope_parameters') === undefined ? 'rope_scaling' : 'rope_parameters';
  const parameters = config.within(key);
  const theta = (parameters ?? config).number('rope_theta', config.number('rope_theta', 10_000));
  const kind = parameters?.entry('rope_type') ?? parameters?.entry('type') ?? 'default';
  if (parameters === undefined || kind === 'default') {
    return { theta };
  }
  const scaling = rotaryScaling(kind, parameters);
  if (scaling === undefined) {
    throw config.unknownSetting(key);
  }
  return { theta, scaling };
}

function rotaryScaling(kind: unknown, parameters: ConfigReader): RotaryScaling | undefined {
  const factor = parameters.number('factor', 1);
  switch (kind) {
    case 'linear':
      return { kind, factor };
    case 'llama3':
      return {
        kind,
        factor,
        lowFrequencyFactor: parameters.number('low_freq_factor', 1),
        highFrequencyFactor: parameters.number('high_freq_factor', 4),
        originalContext: parameters.size('original_max_position_embeddings'),
      };
    default:
      return undefined;
  }
}

function llamaNames(): FamilyNames {
  const tokens = 'model.embed_tokens.weight';
  return {
    base: 'model.',
    decoder: {
      embeddings: { tokens: [tokens] },
      layer: (index) => `model.layers.${index}`,
      attention: {
        query: 'self_attn.q_proj',
        key: 'self_attn.k_proj',
        value: 'self_attn.v_proj',
        output: 'self_attn.o_proj',
        norm: 'input_layernorm',
      },
      feedForward: {
        gate: 'mlp.gate_proj',
        up: 'mlp.up_proj',
        down: 'mlp.down_proj',
        norm: 'post_attention_layernorm',
      },
      finalNorm: 'model.norm',
    },
    unembedding: { weight: ['lm_head.weight', tokens] },
  };
}
