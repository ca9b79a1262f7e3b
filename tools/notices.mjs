import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

/** Packages that ship beside the bundles and not inside them. */
const besideTheBundles = ['onnxruntime-node', 'onnxruntime-common'];

/**
 * Texts in tools/notices/ for packages that bring none. Those of ONNX Runtime are the LICENSE and
 * the ThirdPartyNotices.txt that its makers put into its Python package of the same version: what
 * is linked into its library, libcurl, Mbed TLS, SQLite, protobuf and Dawn among it. That of
 * @vscode/l10n is in its repository, microsoft/vscode-l10n.
 */
const textsOf = {
  '@microsoft/fast-element': ['fast.txt'],
  '@microsoft/fast-foundation': ['fast.txt'],
  '@microsoft/fast-web-utilities': ['fast.txt'],
  '@vscode/l10n': ['vscode-l10n.txt'],
  'onnxruntime-common': ['onnxruntime.txt'],
  'onnxruntime-node': ['onnxruntime.txt', 'onnxruntime-third-party.txt', 'onnxruntime-windows.txt'],
};

/**
 * The licences of everything of others that ships, which most of them ask to travel along.
 *
 * @param {string[]} sources what was bundled, relative to `base`
 * @param {string} [base] the folder that node_modules/ lies in
 * @returns {string}
 * @throws when there is no text of a licence for a package
 */
export function notices(sources, base = root) {
  const folders = [
    ...sources.flatMap((source) => packageFolder(source) ?? []),
    ...besideTheBundles.map((name) => `node_modules/${name}`),
  ];
  return [...new Set(folders)]
    .sort()
    .map((folder) => notice(path.join(base, folder)))
    .join('\n');
}

/**
 * @param {string} source
 * @returns {string | undefined} the folder of the innermost package that a file is part of
 */
function packageFolder(source) {
  return /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source)?.[0];
}

/** @param {string} folder */
function notice(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const texts = licenceFiles(folder, name).map((file) => readFileSync(file, 'utf8').trim());
  if (texts.length === 0) {
    throw new Error(`${name} is bundled, and brings no licence: put one into tools/notices/.`);
  }
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n\n${'-'.repeat(72)}\n`;
}

/** @param {string} folder @param {string} name */
function licenceFiles(folder, name) {
  const own = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  if (own !== undefined) return [path.join(folder, own)];
  return (textsOf[name] ?? []).map((file) => path.join(root, 'tools/notices', file));
}
