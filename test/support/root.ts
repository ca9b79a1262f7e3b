import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The repository's root folder. Tests run as bundles from `dist-test/`, so it is the nearest
 * folder above that holds the lock file.
 */
export const root = find(__dirname);

function find(folder: string): string {
  if (existsSync(path.join(folder, 'package-lock.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`No package-lock.json above ${__dirname}`);
  return find(parent);
}
