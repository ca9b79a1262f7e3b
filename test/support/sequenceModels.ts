import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './temporary';

/**
 * The folder of a tiny model with random weights: encoder–decoder (Marian, T5) or encoder-only
 * (BERT).
 * @param root the repository's root folder.
 */
export function sequenceModel(root: string, name: 'marian' | 't5' | 'bert'): string {
  return path.join(root, 'test/fixtures/seq2seq', name);
}

/**
 * A copy of the tiny Marian model that ends every text before its first word.
 * @returns the copy's folder, which goes when the tests' process ends.
 */
export async function silentTranslator(root: string): Promise<string> {
  return translatorWithout(root, (id, end) => id !== end, {});
}

/**
 * A copy of the tiny Marian model that ends no sentence before its context is full, so that a test
 * can act while it writes and need not be in time.
 * @returns the copy's folder, which goes when the tests' process ends.
 */
export async function slowTranslator(root: string): Promise<string> {
  return translatorWithout(root, (id, end) => id === end, { max_length: MANY_TOKENS });
}

/** More than fit into the context of the tiny model. */
const MANY_TOKENS = 10_000;

async function translatorWithout(
  root: string,
  suppressed: (id: number, end: number) => boolean,
  settings: Record<string, unknown>,
): Promise<string> {
  const folder = temporaryFolder();
  await cp(sequenceModel(root, 'marian'), folder, { recursive: true });
  const read = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Record<string, unknown>;
  const { vocab_size: size, eos_token_id: end } = await read('config.json');
  const ids = Array.from({ length: Number(size) }, (_, id) => id);
  const generation = {
    ...(await read('generation_config.json')),
    suppress_tokens: ids.filter((id) => suppressed(id, Number(end))),
    ...settings,
  };
  await writeFile(path.join(folder, 'generation_config.json'), JSON.stringify(generation));
  return folder;
}
