import type { ConfigReader } from '../config/configReader';
import type { ModelShape, TextInputShape } from '../config/modelShape';
import type { NormShape } from '../norms';
import type { PositionNumbering } from '../positions/numbering';
import { multiHeadShape } from '../multiHeadAttention';
import type { Family } from './family';
import type { FamilyNames } from './names';

/** Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (2019). */
export const bert: Family = {
  types: ['bert'],
  classes: ['ForMaskedLM', 'ForPreTraining'],
  shape: (config) => bertShape(config, { kind: 'place', first: 0 }),
  names: () => bertNames('bert', 'cls.predictions', 'transform.dense', 'transform.LayerNorm'),
};

/** Liu et al., "RoBERTa: A Robustly Optimized BERT Pretraining Approach" (2019). */
export const roberta: Family = {
  types: ['roberta', 'camembert', 'xlm-roberta'],
  classes: ['ForMaskedLM'],
  shape: (config) =>
    bertShape(config, { kind: 'afterPadding', paddingId: config.id('pad_token_id', 1) }),
  names: () => bertNames('roberta', 'lm_head', 'dense', 'layer_norm'),
};

/** The sizes of BERT and its kin, which differ in how they number positions. */
export function bertShape(config: ConfigReader, numbering: PositionNumbering): ModelShape {
  config.mustBe('is_decoder', false);
  config.mustBe('position_embedding_type', 'absolute');
  const width = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const headSize = config.share(width, heads);
  const norm: NormShape = { kind: 'layer', epsilon: config.number('layer_norm_eps', 1e-12) };
  const activation = config.activation('hidden_act', 'gelu');
  const vocabulary = config.size('vocab_size');
  const rows = config.size('max_position_embeddings');
  const first = numbering.kind === 'place' ? numbering.first : numbering.paddingId + 1;
  const input: TextInputShape = {
    kind: 'text',
    vocabulary,
    width: config.optionalSize('embedding_size') ?? width,
    scale: 1,
    tokenTypes: config.optionalSize('type_vocab_size') ?? 2,
    norm,
    context: rows - first,
  };
  return {
    family: String(config.entry('model_type')),
    encoder: {
      layers: config.layers('num_hidden_layers'),
      width,
      input,
      positions: { kind: 'learned', numbering, rows },
      attention: multiHeadShape(heads, headSize),
      feedForward: {
        inner: config.size('intermediate_size'),
        activation,
        gated: false,
        bias: true,
      },
      norm,
      normPlace: 'after',
      finalNorm: false,
      causal: false,
      crossAttention: false,
    },
    unembedding: {
      vocabulary,
      transform: { width: input.width, activation, norm },
      scale: 1,
      bias: true,
    },
  };
}

function bertNames(base: string, head: string, dense: string, norm: string): FamilyNames {
  const tokens = `${base}.embeddings.word_embeddings.weight`;
  return {
    base: `${base}.`,
    encoder: {
      embeddings: {
        tokens: [tokens],
        positions: `${base}.embeddings.position_embeddings.weight`,
        tokenTypes: `${base}.embeddings.token_type_embeddings.weight`,
        norm: `${base}.embeddings.LayerNorm`,
      },
      layer: (index) => `${base}.encoder.layer.${index}`,
      attention: {
        query: 'attention.self.query',
        key: 'attention.self.key',
        value: 'attention.self.value',
        output: 'attention.output.dense',
        norm: 'attention.output.LayerNorm',
      },
      feedForward: { up: 'intermediate.dense', down: 'output.dense', norm: 'output.LayerNorm' },
    },
    unembedding: {
      transform: { dense: `${head}.${dense}`, norm: `${head}.${norm}` },
      weight: [`${head}.decoder.weight`, tokens],
      bias: [`${head}.bias`, `${head}.decoder.bias`],
    },
  };
}
