import type { ConfigReader } from '../config/configReader';
import { Failure, phrase } from '../../shared/failure';
import { albert } from './albert';
import { bart, m2m100, marian, pegasus } from './bart';
import { bert, roberta } from './bert';
import { distilbert } from './distilbert';
import type { Family } from './family';
import { gpt2 } from './gpt2';
import { llama, qwen2 } from './llama';
import { original } from './original';
import { t5 } from './t5';
import { wav2vec2 } from './wav2vec2';

const FAMILIES: readonly Family[] = [
  original,
  bert,
  roberta,
  distilbert,
  albert,
  gpt2,
  t5,
  bart,
  marian,
  pegasus,
  m2m100,
  llama,
  qwen2,
  wav2vec2,
];

/**
 * The family that config.json names.
 * @throws Failure of kind `unsupported` if the reference does not know it, or not the output layer of
 *   the class that was saved.
 */
export function familyOf(config: ConfigReader): Family {
  const type = config.entry('model_type');
  const family = FAMILIES.find(({ types }) => types.some((each) => each === type));
  if (family === undefined) {
    throw config.unknownSetting('model_type');
  }
  const [saved] = [config.entry('architectures')].flat();
  if (typeof saved === 'string' && !family.classes.some((ending) => saved.endsWith(ending))) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The reference Transformer does not know the output layer of {0}', saved),
      where: 'config.json',
      remedy: phrase('use another model'),
    });
  }
  return family;
}
