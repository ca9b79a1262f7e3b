import type { NormShape } from '../norms';
import { multiHeadShape } from '../multiHeadAttention';
import type { Family } from './family';

const tokens = 'distilbert.embeddings.word_embeddings.weight';
const NORM: NormShape = { kind: 'layer', epsilon: 1e-12 };

/** Sanh et al., "DistilBERT, a distilled version of BERT" (2019): BERT without token types. */
export const distilbert: Family = {
  types: ['distilbert'],
  classes: ['ForMaskedLM'],
  shape: (config) => {
    const width = config.size('dim');
    const heads = config.size('n_heads');
    const headSize = config.share(width, heads);
    const activation = config.activation('activation', 'gelu');
    const vocabulary = config.size('vocab_size');
    const rows = config.size('max_position_embeddings');
    return {
      family: 'distilbert',
      encoder: {
        layers: config.layers('n_layers'),
        width,
        input: {
          kind: 'text',
          vocabulary,
          width,
          scale: 1,
          tokenTypes: 0,
          norm: NORM,
          context: rows,
        },
        positions: { kind: 'learned', numbering: { kind: 'place', first: 0 }, rows },
        attention: multiHeadShape(heads, headSize),
        feedForward: { inner: config.size('hidden_dim'), activation, gated: false, bias: true },
        norm: NORM,
        normPlace: 'after',
        finalNorm: false,
        causal: false,
        crossAttention: false,
      },
      unembedding: {
        vocabulary,
        transform: { width, activation, norm: NORM },
        scale: 1,
        bias: true,
      },
    };
  },
  names: () => ({
    base: 'distilbert.',
    encoder: {
      embeddings: {
        tokens: [tokens],
        positions: 'distilbert.embeddings.position_embeddings.weight',
        norm: 'distilbert.embeddings.LayerNorm',
      },
      layer: (index) => `distilbert.transformer.layer.${index}`,
      attention: {
        query: 'attention.q_lin',
        key: 'attention.k_lin',
        value: 'attention.v_lin',
        output: 'attention.out_lin',
        norm: 'sa_layer_norm',
      },
      feedForward: { up: 'ffn.lin1', down: 'ffn.lin2', norm: 'output_layer_norm' },
    },
    unembedding: {
      transform: { dense: 'vocab_transform', norm: 'vocab_layer_norm' },
      weight: ['vocab_projector.weight', tokens],
      bias: ['vocab_projector.bias'],
    },
  }),
};
