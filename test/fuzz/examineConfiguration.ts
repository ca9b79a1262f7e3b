import { architectureOf } from '../../src/library/architecture';
import { readGenerationConfig, readTaskGeneration } from '../../src/library/generationConfig';
import { checkJsonBounds } from '../../src/library/jsonBounds';
import { readModelConfig } from '../../src/library/modelConfig';
import type { JsonObject } from '../../src/shared/jsonObject';
import { readModelPurpose } from '../../src/library/modelPurpose';
import { CONFIGURATION_JSON } from '../../src/shared/limits';
import { createTokenizer } from '../../src/tokenizer/tokenizer';
import type { Outcome } from './examine';
import { unlessRefused } from './properties';

const NAME = 'fuzzed.json';

/** A tokenizer beside the file, which it may change. */
const TOKENIZER = { model: { type: 'WordLevel', vocab: { '<unk>': 0 }, unk_token: '<unk>' } };

/**
 * Reads a file as config.json, generation_config.json, manifest and tokenizer_config.json of a model,
 * whichever of them it is.
 */
export async function examineConfiguration(bytes: Uint8Array): Promise<Outcome> {
  const config = await unlessRefused(() => {
    checkJsonBounds(bytes, CONFIGURATION_JSON, NAME);
    return parse(bytes);
  });
  if (config === undefined) {
    return 'refused';
  }
  const read = await unlessRefused(() =>
    readModelConfig(config, architectureOf(config), config['model_max_length'], NAME),
  );
  await unlessRefused(() => readGenerationConfig(config, config));
  await unlessRefused(() => readTaskGeneration(config, config));
  await unlessRefused(() => readModelPurpose(config, config, NAME, NAME));
  const tokenizer = await unlessRefused(() => createTokenizer(TOKENIZER, config, config));
  return read === undefined && tokenizer === undefined ? 'refused' : 'described';
}

/** What is no object is refused before anything is read of it. */
function parse(bytes: Uint8Array): JsonObject | undefined {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
