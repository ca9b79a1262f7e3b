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
  return copyWithout(root, 'marian', (id, end) => id !== end, {});
}

/**
 * A copy of the tiny Marian model that ends no sentence before its context of 32 tokens is full, so
 * that a test can act while it writes and need not be in time.
 * @returns the copy's folder, which goes when the tests' process ends.
 */
export async function slowTranslator(root: string): Promise<string> {
  return copyWithout(root, 'marian', (id, end) => id === end, { max_length: MANY_TOKENS });
}

/**
 * A copy of the tiny T5 model that writes the first sentence for minutes: it ends none, and its
 * relative positions have no last one.
 * @returns the copy's folder, which goes when the tests' process ends.
 */
export async function endlessSequenceModel(root: string): Promise<string> {
  const folder = await copyWithout(root, 't5', (id, end) => id === end, {
    max_length: MANY_TOKENS,
  });
  await rewriteJson(path.join(folder, 'config.json'), (config) => ({
    ...config,
    n_positions: MANY_TOKENS,
  }));
  return folder;
}

/** More than a tiny model writes in the time of a test. */
const MANY_TOKENS = 10_000;

async function copyWithout(
  root: string,
  name: 'marian' | 't5',
  suppressed: (id: number, end: number) => boolean,
  settings: Record<string, unknown>,
): Promise<string> {
  const folder = temporaryFolder();
  await cp(sequenceModel(root, name), folder, { recursive: true });
  const { vocab_size: size, eos_token_id: end } = await readJson(path.join(folder, 'config.json'));
  const ids = Array.from({ length: Number(size) }, (_, id) => id);
  await rewriteJson(path.join(folder, 'generation_config.json'), (generation) => ({
    ...generation,
    suppress_tokens: ids.filter((id) => suppressed(id, Number(end))),
    ...settings,
  }));
  return folder;
}

type Json = Record<string, unknown>;

async function readJson(file: string): Promise<Json> {
  return JSON.parse(await readFile(file, 'utf8')) as Json;
}

async function rewriteJson(file: string, change: (content: Json) => Json): Promise<void> {
  await writeFile(file, JSON.stringify(change(await readJson(file))));
}
