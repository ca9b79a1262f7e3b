import { bertShape } from './bert';
import type { Family } from './family';

const tokens = 'albert.embeddings.word_embeddings.weight';

/** Lan et al., "ALBERT: A Lite BERT" (2020): all layers are one. */
export const albert: Family = {
  types: ['albert'],
  classes: ['ForMaskedLM', 'ForPreTraining'],
  shape: (config) => {
    config.mustBe('num_hidden_groups', 1);
    config.mustBe('inner_group_num', 1);
    return bertShape(config, { kind: 'place', first: 0 });
  },
  names: () => ({
    base: 'albert.',
    encoder: {
      embeddings: {
        tokens: [tokens],
        positions: 'albert.embeddings.position_embeddings.weight',
        tokenTypes: 'albert.embeddings.token_type_embeddings.weight',
        norm: 'albert.embeddings.LayerNorm',
        projection: 'albert.encoder.embedding_hidden_mapping_in',
      },
      layer: () => 'albert.encoder.albert_layer_groups.0.albert_layers.0',
      attention: {
        query: 'attention.query',
        key: 'attention.key',
        value: 'attention.value',
        output: 'attention.dense',
        norm: 'attention.LayerNorm',
      },
      feedForward: { up: 'ffn', down: 'ffn_output', norm: 'full_layer_layer_norm' },
    },
    unembedding: {
      transform: { dense: 'predictions.dense', norm: 'predictions.LayerNorm' },
      weight: ['predictions.decoder.weight', tokens],
      bias: ['predictions.bias', 'predictions.decoder.bias'],
    },
  }),
};
