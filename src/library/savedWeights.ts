import path from 'node:path';
import { statIfAny } from './files';

/** How `transformers` calls what it saves: one file, or the index of several. */
export const SAVED_WHOLE = 'model.safetensors';
const SAVED_INDEX = 'model.safetensors.index.json';

/**
 * The file that holds the weights that `transformers` saved, or tells where they are, in the first of some
 * folders that has one.
 */
export async function findSavedWeights(folders: Iterable<string>): Promise<string | undefined> {
  for (const folder of folders) {
    for (const name of [SAVED_WHOLE, SAVED_INDEX]) {
      const file = path.join(folder, name);
      if ((await statIfAny(file))?.isFile() === true) {
        return file;
      }
    }
  }
  return undefined;
}
