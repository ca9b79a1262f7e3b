import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.mjs';
import { root } from './root.mjs';

/** Installs the packages of the root lock unless they are installed already. */
export async function installPackages() {
  await installFromLock(root, 'package-lock.json');
}

/**
 * `npm ci`, skipped when the lock's packages are there. No package's install script runs: none is
 * needed, and onnxruntime-node's would download CUDA libraries.
 *
 * @param {string} folder holds package.json and the lock
 * @param {string} lock the lock's name
 * @param {string[]} [options] further options for npm
 */
export async function installFromLock(folder, lock, options = []) {
  if (isInstalled(folder, lock)) return;
  console.log(`Installing packages in ${path.relative(process.cwd(), folder) || '.'} …`);
  const quiet = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=error',
  ];
  const status = await run('npm', ['ci', ...quiet, ...options], { cwd: folder });
  if (status !== 0) throw new Error(`npm ci failed in ${folder} (exit status ${status})`);
}

/**
 * npm writes a lock of what it really installed into node_modules when an installation is
 * complete. Optional packages may be absent from it: most are for other platforms.
 *
 * @param {string} folder
 * @param {string} lock
 * @returns {boolean}
 */
function isInstalled(folder, lock) {
  const wanted = JSON.parse(readFileSync(path.join(folder, lock), 'utf8')).packages;
  let installed;
  try {
    const hidden = path.join(folder, 'node_modules/.package-lock.json');
    installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  } catch {
    return false;
  }
  return Object.entries(wanted).every(
    ([place, { version, optional }]) =>
      place === '' || optional || installed[place]?.version === version,
  );
}
