import {
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build, viewNames } from './bundles.mjs';
import { run } from './processes.mjs';
import { buildFolder, root } from './root.mjs';
import { temporaryFolder } from './temporary.mjs';
import { entryNames } from './zip.mjs';

/** The platforms for which ONNX Runtime brings a library and VS Code takes a VSIX. */
export const targets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** @returns {string} the target of the machine that this runs on */
export function targetHere() {
  const target = `${process.platform}-${process.arch}`;
  if (!targets.includes(target)) {
    throw new Error(
      `ONNX Runtime brings no library for ${target}, only for ${targets.join(', ')}.`,
    );
  }
  return target;
}

/**
 * Builds the extension and packs it for one platform, with that platform's runtime alone.
 *
 * @param {string} target one of {@link targets}
 * @returns {Promise<{ file: string, bytes: number }>} the VSIX
 */
export async function packageExtension(target) {
  const stage = temporaryFolder(buildFolder, `vsix-${target}`);
  await fillStage(stage, target);

  const packed = path.join(stage, 'headlight.vsix');
  const log = path.join(buildFolder, `package-${target}.log`);
  rmSync(log, { force: true });
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  // What vsce would gather as dependencies, `npm list` of the stage, lies in dist/ already.
  const options = ['--target', target, '--out', packed, '--no-dependencies'];
  const quiet = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  const status = await run(process.execPath, [vsce, 'package', ...options, ...quiet], {
    cwd: stage,
    log,
  });
  if (status !== 0) throw new Error(`vsce failed:\n${readFileSync(log, 'utf8')}`);

  const faults = checkContents(entryNames(readFileSync(packed)), target);
  if (faults.length > 0) {
    throw new Error(`The VSIX for ${target} is wrong:\n${faults.join('\n')}`);
  }
  const file = path.join(buildFolder, `headlight-${target}.vsix`);
  renameSync(packed, file);
  return { file, bytes: statSync(file).size };
}

/**
 * Puts into a folder what ships and nothing else, so that packing needs no list of what to leave
 * out and does not depend on what else is installed here.
 *
 * @param {string} stage
 * @param {string} target
 */
async function fillStage(stage, target) {
  await build({ production: true, outdir: path.join(stage, 'dist') });

  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const key of ['private', 'scripts', 'dependencies', 'devDependencies']) delete manifest[key];
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

  /** @param {string} name @param {(file: string) => boolean} [wanted] */
  const copy = (name, wanted = () => true) =>
    cpSync(path.join(root, name), path.join(stage, name), {
      recursive: true,
      filter: (source) => wanted(path.relative(root, source).replaceAll('\\', '/')),
    });
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE']) copy(name);
  for (const name of readdirSync(root).filter((name) => /^package\.nls\b.*\.json$/.test(name))) {
    copy(name);
  }
  copy('l10n');
  copy('media', (file) => file !== 'media/icon.svg');
  copy('models', (file) => file !== 'models/train');

  // Beside the engine's bundle, where Node looks first.
  const modules = path.join(stage, 'dist/node_modules');
  for (const file of runtimeFiles(target)) {
    cpSync(path.join(root, 'node_modules', file), path.join(modules, file));
  }
}

/**
 * What ONNX Runtime needs at run time, relative to node_modules/.
 *
 * @param {string} target
 * @returns {string[]}
 */
function runtimeFiles(target) {
  const binaries = `onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}`;
  /** @param {string} folder @param {RegExp} pattern */
  const inside = (folder, pattern) =>
    readdirSync(path.join(root, 'node_modules', folder))
      .filter((name) => pattern.test(name))
      .map((name) => `${folder}/${name}`);
  return [
    'onnxruntime-node/package.json',
    ...inside('onnxruntime-node/dist', /\.js$/),
    'onnxruntime-common/package.json',
    // This package.json says that the files beside it are CommonJS; the runtime fails without it.
    'onnxruntime-common/dist/cjs/package.json',
    ...inside('onnxruntime-common/dist/cjs', /\.js$/),
    // For macOS the same library lies there under two names; the binding loads the short one.
    ...inside(binaries, /^(?!libonnxruntime\.\d+\.\d+\.\d+\.dylib$)/),
  ];
}

/**
 * Holds what was packed against what must and what may be in it, by lists that share nothing with
 * {@link fillStage}: a pattern there that silently matches nothing, or too much, shows here.
 *
 * @param {string[]} names the entries of the VSIX
 * @param {string} target
 * @returns {string[]} one line a fault
 */
function checkContents(names, target) {
  const runtime = `extension/dist/node_modules/onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}`;
  const views = viewNames().map((view) => `extension/dist/webview/${view}.js`);
  const required = [
    'extension/package.json',
    'extension/package.nls.json',
    'extension/package.nls.zh-cn.json',
    'extension/readme.md',
    'extension/changelog.md',
    'extension/LICENSE.txt',
    'extension/dist/extension.js',
    'extension/dist/engine.js',
    'extension/dist/parentWatch.js',
    'extension/dist/cli.js',
    'extension/dist/notices.txt',
    ...views,
    'extension/media/icon.png',
    'extension/dist/node_modules/onnxruntime-node/dist/index.js',
    'extension/dist/node_modules/onnxruntime-common/dist/cjs/index.js',
    'extension/dist/node_modules/onnxruntime-common/dist/cjs/package.json',
    `${runtime}/onnxruntime_binding.node`,
  ];
  const allowed = [
    /^\[Content_Types\]\.xml$/,
    /^extension\.vsixmanifest$/,
    /^extension\/package(\.nls(\.[\w-]+)?)?\.json$/,
    /^extension\/(readme\.md|changelog\.md|LICENSE\.txt)$/,
    /^extension\/dist\/(extension|engine|parentWatch|cli)\.js$/,
    /^extension\/dist\/notices\.txt$/,
    /^extension\/dist\/webview\/\w+\.(js|css)$/,
    /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
    /^extension\/media\/(?!icon\.svg$)/,
    /^extension\/models\/(?!train\/)[\w.-]+\//,
    /^extension\/dist\/node_modules\/onnxruntime-(node|common)\/package\.json$/,
    /^extension\/dist\/node_modules\/onnxruntime-node\/dist\/\w+\.js$/,
    /^extension\/dist\/node_modules\/onnxruntime-common\/dist\/cjs\/([\w-]+\.js|package\.json)$/,
    new RegExp(`^${runtime}/[^/]+$`),
  ];
  const model = names.some((name) => /^extension\/models\/[^/]+\/onnx\/[^/]+\.onnx$/.test(name));
  return [
    ...required.filter((name) => !names.includes(name)).map((name) => `missing: ${name}`),
    ...(model ? [] : ['missing: extension/models/*/onnx/*.onnx']),
    ...names
      .filter((name) => !allowed.some((pattern) => pattern.test(name)))
      .map((name) => `does not belong in it: ${name}`),
  ];
}
