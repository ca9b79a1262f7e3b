import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

/** @type {string[]} */
const folders = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/**
 * A new, empty folder that goes when this process ends. Two runs at the same time never share one.
 *
 * @param {string} parent made when it is missing
 * @param {string} name the beginning of the folder's name
 * @returns {string} its absolute path
 */
export function temporaryFolder(parent, name) {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, `${name}-`));
  folders.push(folder);
  return folder;
}
