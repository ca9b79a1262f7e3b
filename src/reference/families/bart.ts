import type { ConfigReader } from '../config/configReader';
import type { ModelShape, PositionShape, StackShape } from '../config/modelShape';
import type { NormShape } from '../norms';
import { multiHeadShape } from '../multiHeadAttention';
import type { Family } from './family';
import type { FamilyNames, StackNames } from './names';

/** What tells the kin of BART from each other. */
interface Kind {
  positions: (config: ConfigReader) => PositionShape;
  /** Whether there is a norm behind the embeddings. */
  embeddingNorm: boolean;
  /** With the norms before, there is one after the last layer as well. */
  normPlace: StackShape['normPlace'];
  /** Whether a number for each token is added to the logits. */
  logitsBias: boolean;
  /** Whether embeddings are multiplied by √d_model if config.json does not say. */
  scaled: boolean;
}

const NORM: NormShape = { kind: 'layer', epsilon: 1e-5 };

/** Lewis et al., "BART: Denoising Sequence-to-Sequence Pre-training" (2020), section 2.1. */
export const bart: Family = encoderDecoder('bart', {
  // The first two rows of the table are fairseq's own.
  positions: (config) => ({
    kind: 'learned',
    numbering: { kind: 'place', first: 2 },
    rows: config.size('max_position_embeddings') + 2,
  }),
  embeddingNorm: true,
  normPlace: 'after',
  logitsBias: true,
  scaled: false,
});

/**
 * Junczys-Dowmunt et al., "Marian: Fast Neural Machine Translation in C++" (2018): the original
 * Transformer, but for another layout of the sinusoids.
 */
export const marian: Family = encoderDecoder('marian', {
  positions: () => ({
    kind: 'sinusoidal',
    numbering: { kind: 'place', first: 0 },
    form: 'halves',
  }),
  embeddingNorm: false,
  normPlace: 'after',
  logitsBias: true,
  scaled: false,
});

/** Zhang et al., "PEGASUS: Pre-training with Extracted Gap-sentences" (2020), section 3. */
export const pegasus: Family = encoderDecoder('pegasus', {
  positions: () => ({
    kind: 'sinusoidal',
    numbering: { kind: 'place', first: 0 },
    form: 'halves',
  }),
  embeddingNorm: false,
  normPlace: 'before',
  logitsBias: true,
  scaled: false,
});

/** Fan et al., "Beyond English-Centric Multilingual Machine Translation" (2021). */
export const m2m100: Family = encoderDecoder('m2m_100', {
  positions: (config) => ({
    kind: 'sinusoidal',
    numbering: { kind: 'afterPadding', paddingId: config.id('pad_token_id', 1) },
    form: 'tensor2tensor',
  }),
  embeddingNorm: false,
  normPlace: 'before',
  logitsBias: false,
  scaled: true,
});

function encoderDecoder(type: string, kind: Kind): Family {
  return {
    types: [type],
    classes: ['ForConditionalGeneration', 'MTModel'],
    shape: (config) => encoderDecoderShape(type, config, kind),
    names: () => encoderDecoderNames(kind),
  };
}

function encoderDecoderShape(family: string, config: ConfigReader, kind: Kind): ModelShape {
  config.mustBe('share_encoder_decoder_embeddings', true);
  const vocabulary = config.size('vocab_size');
  return {
    family,
    encoder: stackShape('encoder', config, kind),
    decoder: stackShape('decoder', config, kind),
    unembedding: { vocabulary, scale: 1, bias: kind.logitsBias },
  };
}

function stackShape(
  stack: 'encoder' | 'decoder',
  config: ConfigReader,
  { positions, embeddingNorm, normPlace, scaled }: Kind,
): StackShape {
  const width = config.size('d_model');
  const heads = config.size(`${stack}_attention_heads`);
  const headSize = config.share(width, heads);
  return {
    layers: config.layers(`${stack}_layers`),
    width,
    input: {
      kind: 'text',
      vocabulary: config.size('vocab_size'),
      width,
      scale: config.flag('scale_embedding', scaled) ? Math.sqrt(width) : 1,
      tokenTypes: 0,
      ...(embeddingNorm && { norm: NORM }),
      context: config.size('max_position_embeddings'),
    },
    positions: positions(config),
    attention: multiHeadShape(heads, headSize),
    feedForward: {
      inner: config.size(`${stack}_ffn_dim`),
      activation: config.activation('activation_function', 'gelu'),
      gated: false,
      bias: true,
    },
    norm: NORM,
    normPlace,
    finalNorm: normPlace === 'before',
    causal: stack === 'decoder',
    crossAttention: stack === 'decoder',
  };
}

function encoderDecoderNames({ logitsBias }: Kind): FamilyNames {
  return {
    base: 'model.',
    encoder: stackNames('encoder'),
    decoder: stackNames('decoder'),
    unembedding: {
      weight: ['lm_head.weight', ...tokens('decoder')],
      ...(logitsBias && { bias: ['final_logits_bias'] }),
    },
  };
}

/** A stack's own name comes first: in files of their own, one table may be rounded in two ways. */
function tokens(stack: string): string[] {
  return [`model.${stack}.embed_tokens.weight`, 'model.shared.weight'];
}

function stackNames(stack: 'encoder' | 'decoder'): StackNames {
  const attention = (module: string) => ({
    query: `${module}.q_proj`,
    key: `${module}.k_proj`,
    value: `${module}.v_proj`,
    output: `${module}.out_proj`,
    norm: `${module}_layer_norm`,
  });
  return {
    embeddings: {
      tokens: tokens(stack),
      positions: `model.${stack}.embed_positions.weight`,
      norm: `model.${stack}.layernorm_embedding`,
    },
    layer: (index) => `model.${stack}.layers.${index}`,
    attention: attention('self_attn'),
    ...(stack === 'decoder' && { crossAttention: attention('encoder_attn') }),
    feedForward: { up: 'fc1', down: 'fc2', norm: 'final_layer_norm' },
    finalNorm: `model.${stack}.layer_norm`,
  };
}
