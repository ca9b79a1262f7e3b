import path from 'node:path';
import { Failure } from '../shared/failure';
import { architectureOf } from './architecture';
import { readObjectIfAny } from './files';
import { readModelConfig } from './modelConfig';

/**
 * How many tokens a stack of the model in a folder can see at once, as `readModelConfig` has it; undefined
 * where nothing tells, or what does cannot be read.
 */
export async function modelContext(folder: string): Promise<number | undefined> {
  const file = path.join(folder, 'config.json');
  try {
    const config = await readObjectIfAny(file);
    if (config === undefined) {
      return undefined;
    }
    const tokenizer = await readObjectIfAny(path.join(folder, 'tokenizer_config.json'));
    const limit = tokenizer?.['model_max_length'];
    return readModelConfig(config, architectureOf(config), limit, file).context;
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}
