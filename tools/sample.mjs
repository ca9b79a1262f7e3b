import { cpSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

/** The document of the sample that opens first. */
export const firstDocument = 'welcome.md';

/**
 * Puts the sample workspace, media/sample/, into `folder`. A file that is there already stays as it
 * is: somebody may have written in it.
 *
 * @param {string} folder
 * @returns {string} the folder
 */
export function copySample(folder) {
  cpSync(path.join(root, 'media/sample'), folder, { recursive: true, force: false });
  return folder;
}

/**
 * The address of a workbench with a folder and one of its files open.
 *
 * @param {{ url: string, authority: string }} server
 * @param {string} folder
 * @param {[string, string][]} [payload] further entries, as the workbench's own page reads them
 */
export function workbenchUrl({ url, authority }, folder, payload = []) {
  const file = `vscode-remote://${authority}${path.posix.join(folder, firstDocument)}`;
  const entries = JSON.stringify([['openFile', file], ...payload]);
  return `${url}/?folder=${inQuery(folder)}&payload=${inQuery(entries)}`;
}

/** @param {string} text as part of a query, where slashes and colons may stay readable */
function inQuery(text) {
  return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':');
}
