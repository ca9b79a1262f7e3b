import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Everything that is made on the way and may be deleted at any time. */
export const buildFolder = path.join(root, 'build');
