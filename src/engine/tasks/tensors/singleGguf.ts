import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** The GGUF file of a folder that has just one; undefined otherwise. */
export async function singleGguf(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const [only, ...others] = names.filter((name) => name.toLowerCase().endsWith('.gguf'));
  return only === undefined || others.length > 0 ? undefined : path.join(folder, only);
}
