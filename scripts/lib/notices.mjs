import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

/** Packages that ship beside the bundles and not inside them. */
const besideTheBundles = ['onnxruntime-node', 'onnxruntime-common'];

/**
 * The licences of everything of others that ships, which most of them ask to travel along.
 *
 * @param {string[]} sources what was bundled, relative to the root
 * @returns {string}
 */
export function notices(sources) {
  const bundled = sources.flatMap((source) => {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
    return name === undefined ? [] : [name];
  });
  return [...new Set([...bundled, ...besideTheBundles])].sort().map(notice).join('\n');
}

/** @param {string} name */
function notice(name) {
  const folder = path.join(root, 'node_modules', name);
  const { version, license, author, homepage, repository } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const by = typeof author === 'object' ? author.name : author;
  const text = file
    ? readFileSync(path.join(folder, file), 'utf8').trim()
    : [by, homepage ?? repository?.url].filter(Boolean).join('\n');
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(72)}\n`;
}
