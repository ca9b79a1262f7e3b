import type { ConfigReader } from '../config/configReader';
import type { ModelShape, StackShape } from '../config/modelShape';
import { multiHeadShape } from '../multiHeadAttention';
import type { Family } from './family';
import type { AttentionNames, LinearName, StackNames } from './names';

/** Sizes of the original Transformer; those of its base model are the paper's Table 3, first row. */
export interface OriginalSizes {
  /** Tokens of source and target, which share one vocabulary (section 5.1). */
  vocabulary: number;
  /** N. */
  layers: number;
  /** d_model. */
  width: number;
  /** h. */
  heads: number;
  /** d_ff. */
  inner: number;
}

/**
 * The Transformer of Vaswani et al., "Attention Is All You Need" (2017), section 3: sinusoidal
 * positions, norms after sublayers, ReLU, and one matrix for both embeddings and the output layer.
 */
export function originalTransformer(sizes: OriginalSizes): ModelShape {
  const { vocabulary } = sizes;
  return {
    family: 'transformer',
    encoder: stackShape(sizes, false),
    decoder: stackShape(sizes, true),
    unembedding: { vocabulary, scale: 1, bias: false },
  };
}

/**
 * The same as a family of files. `transformers` has none for it, so its layers are named as those of
 * `torch.nn.Transformer`, and its matrix of embeddings `embedding.weight`.
 */
export const original: Family = {
  types: ['transformer'],
  classes: [],
  shape: (config: ConfigReader) =>
    originalTransformer({
      vocabulary: config.size('vocab_size'),
      layers: config.layers('num_layers'),
      width: config.size('d_model'),
      heads: config.size('num_heads'),
      inner: config.size('d_ff'),
    }),
  names: () => ({
    base: '',
    encoder: stackNames('encoder'),
    decoder: stackNames('decoder'),
    unembedding: { weight: ['embedding.weight'] },
  }),
};

function stackShape(
  { vocabulary, layers, width, heads, inner }: OriginalSizes,
  isDecoder: boolean,
): StackShape {
  const headSize = width / heads;
  return {
    layers,
    width,
    input: { kind: 'text', vocabulary, width, scale: Math.sqrt(width), tokenTypes: 0 },
    positions: {
      kind: 'sinusoidal',
      numbering: { kind: 'place', first: 0 },
      form: 'interleaved',
    },
    attention: multiHeadShape(heads, headSize),
    feedForward: { inner, activation: 'relu', gated: false, bias: true },
    norm: { kind: 'layer', epsilon: 1e-5 },
    normPlace: 'after',
    finalNorm: false,
    causal: isDecoder,
    crossAttention: isDecoder,
  };
}

function stackNames(stack: 'encoder' | 'decoder'): StackNames {
  return {
    embeddings: { tokens: ['embedding.weight'] },
    layer: (index) => `${stack}.layers.${index}`,
    attention: attention('self_attn', 'norm1'),
    ...(stack === 'decoder' && { crossAttention: attention('multihead_attn', 'norm2') }),
    feedForward: { up: 'linear1', down: 'linear2', norm: stack === 'encoder' ? 'norm2' : 'norm3' },
  };
}

function attention(module: string, norm: string): AttentionNames {
  const packed = (part: number): LinearName => ({
    weight: `${module}.in_proj_weight`,
    bias: `${module}.in_proj_bias`,
    part,
  });
  return {
    query: packed(0),
    key: packed(1),
    value: packed(2),
    output: `${module}.out_proj`,
    norm,
  };
}
