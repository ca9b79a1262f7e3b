import type { JsonObject } from '../shared/jsonObject';

/** Which stacks of the Transformer a model has. */
export type Architecture = 'decoder' | 'encoder' | 'encoder-decoder';

/** `model_type` of families that are encoders unless their architecture says otherwise. */
const ENCODERS = new Set([
  'albert',
  'bert',
  'camembert',
  'deberta',
  'deberta-v2',
  'distilbert',
  'electra',
  'ernie',
  'mobilebert',
  'modernbert',
  'mpnet',
  'roberta',
  'roformer',
  'squeezebert',
  'xlm-roberta',
]);

/**
 * Tells a model's stacks from its parsed config.json: `is_encoder_decoder`, then the name of the
 * class that was exported (`BertForMaskedLM`, `GPT2LMHeadModel`), then the family.
 */
export function architectureOf(config: JsonObject): Architecture {
  if (config['is_encoder_decoder'] === true) {
    return 'encoder-decoder';
  }
  const classes = [config['architectures']].flat().filter((name) => typeof name === 'string');
  if (classes.some((name) => name.endsWith('ForMaskedLM'))) {
    return 'encoder';
  }
  if (classes.some((name) => /ForCausalLM$|LMHeadModel$/.test(name))) {
    return 'decoder';
  }
  const family = config['model_type'];
  return typeof family === 'string' && ENCODERS.has(family) ? 'encoder' : 'decoder';
}
