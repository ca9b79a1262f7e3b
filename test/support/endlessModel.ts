import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './temporary';

/** More tokens than any test waits for. */
const CONTEXT = 100_000;

/**
 * A copy of the bundled model that ends no text, sentence or line of its own accord, and whose context window is never
 * full, so that a test can act while it writes and need not be in time.
 * @param root the folder that `models/` lies in.
 * @returns the copy's folder, which goes when the tests' process ends.
 */
export async function endlessModel(root: string): Promise<string> {
  const folder = temporaryFolder();
  await cp(path.join(root, 'models', 'headlight-complete'), folder, { recursive: true });
  const { model } = JSON.parse(await readFile(path.join(folder, 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number> };
  };
  // In byte-level pieces, Ċ is the line feed.
  const ending = Object.entries(model.vocab).flatMap(([piece, id]) =>
    /[.!?Ċ]/.test(piece) ? [id] : [],
  );
  for (const name of ['config.json', 'generation_config.json']) {
    const file = path.join(folder, name);
    const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    delete config['eos_token_id'];
    if (name === 'generation_config.json') {
      config['suppress_tokens'] = ending;
    }
    if ('max_position_embeddings' in config) {
      config['max_position_embeddings'] = CONTEXT;
    }
    await writeFile(file, JSON.stringify(config));
  }
  return folder;
}
