import { multiHeadShape } from '../multiHeadAttention';
import type { Family } from './family';
import type { LinearName } from './names';

const tokens = 'transformer.wte.weight';

/** Radford et al., "Language Models are Unsupervised Multitask Learners" (2019). */
export const gpt2: Family = {
  types: ['gpt2'],
  classes: ['LMHeadModel', 'DoubleHeadsModel'],
  shape: (config) => {
    config.mustBe('scale_attn_weights', true);
    config.mustBe('scale_attn_by_inverse_layer_idx', false);
    config.mustBe('add_cross_attention', false);
    const width = config.size('n_embd');
    const heads = config.size('n_head');
    const headSize = config.share(width, heads);
    const vocabulary = config.size('vocab_size');
    const rows = config.size('n_positions');
    return {
      family: 'gpt2',
      decoder: {
        layers: config.layers('n_layer'),
        width,
        input: { kind: 'text', vocabulary, width, scale: 1, tokenTypes: 0, context: rows },
        positions: { kind: 'learned', numbering: { kind: 'place', first: 0 }, rows },
        attention: multiHeadShape(heads, headSize),
        feedForward: {
          inner: config.optionalSize('n_inner') ?? 4 * width,
          activation: config.activation('activation_function', 'gelu_new'),
          gated: false,
          bias: true,
        },
        norm: { kind: 'layer', epsilon: config.number('layer_norm_epsilon', 1e-5) },
        normPlace: 'before',
        finalNorm: true,
        causal: true,
        crossAttention: false,
      },
      unembedding: { vocabulary, scale: 1, bias: false },
    };
  },
  names: () => ({
    base: 'transformer.',
    decoder: {
      embeddings: { tokens: [tokens], positions: 'transformer.wpe.weight' },
      layer: (index) => `transformer.h.${index}`,
      attention: {
        query: packed(0),
        key: packed(1),
        value: packed(2),
        output: 'attn.c_proj',
        norm: 'ln_1',
      },
      feedForward: { up: 'mlp.c_fc', down: 'mlp.c_proj', norm: 'ln_2' },
      finalNorm: 'transformer.ln_f',
      transposed: true,
    },
    unembedding: { weight: ['lm_head.weight', tokens] },
  }),
};

/** One layer computes queries, keys and values. */
function packed(part: number): LinearName {
  return { weight: 'attn.c_attn.weight', bias: 'attn.c_attn.bias', part };
}
