import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { notices } from './notices.mjs';
import { root } from './root.mjs';
import { assembleWat } from './wat.mjs';
import { workerScripts, workerSources } from './workers.mjs';

/** @returns {string[]} the views: every folder of webview/ that has an entry, main.tsx */
export function viewNames() {
  return readdirSync(path.join(root, 'webview')).filter((name) => existsSync(entryOf(name)));
}

/** @param {string} view */
function entryOf(view) {
  return path.join(root, 'webview', view, 'main.tsx');
}

/**
 * The bundles that ship, as esbuild options without the choices of one build (maps, minification).
 *
 * @param {string} outdir
 * @returns {import('esbuild').BuildOptions[]}
 */
function shippedBundles(outdir) {
  const views = viewNames();

  /** @type {import('esbuild').BuildOptions} */
  const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
  return [
    {
      ...node,
      entryPoints: { extension: 'src/extension.ts' },
      outdir,
      external: ['vscode'],
    },
    {
      ...node,
      entryPoints: { engine: 'src/engine/main.ts', parentWatch: 'src/engine/parentWatch.ts' },
      outdir,
      external: ['onnxruntime-node'],
    },
    {
      ...node,
      entryPoints: { cli: 'src/cli.ts' },
      outdir,
      banner: { js: '#!/usr/bin/env node' },
    },
    {
      ...common,
      entryPoints: Object.fromEntries(views.map((view) => [view, entryOf(view)])),
      outdir: path.join(outdir, 'webview'),
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      // The automatic runtime makes the attention view 1.4 kB larger.
      ...classicJsx,
    },
  ];
}

/**
 * Each test file as a bundle; `outdir` mirrors the shape of `folder`.
 *
 * @param {string} folder the test folder relative to the root, `test/unit`
 * @param {string[]} sources the test files relative to the root
 * @param {string} outdir
 * @param {string[]} external packages that the tests load at run time
 * @returns {import('esbuild').BuildOptions}
 */
export function testBundles(folder, sources, outdir, external) {
  return {
    ...common,
    entryPoints: sources,
    outbase: folder,
    outdir,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    external,
  };
}

/**
 * Files below `folder` whose name ends in `suffix`, sorted, relative to the root and with forward
 * slashes. `node_modules` is left out.
 *
 * @param {string} folder relative to the root
 * @param {string} suffix
 * @returns {string[]}
 */
export function filesBelow(folder, suffix) {
  const absolute = path.join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => {
      const inside = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(inside, suffix);
      return entry.name.endsWith(suffix) ? [inside] : [];
    })
    .sort();
}

/**
 * Builds everything that ships.
 *
 * @param {{ production: boolean, watch?: boolean, outdir?: string }} options
 *   `production` minifies and leaves source maps out; `watch` keeps building until interrupted;
 *   `outdir` is `dist/` unless said otherwise
 */
export async function build({ production, watch = false, outdir = path.join(root, 'dist') }) {
  const esbuild = await import('esbuild');
  const bundles = shippedBundles(outdir).map((bundle) => ({
    ...bundle,
    minify: production,
    sourcemap: production ? false : 'linked',
  }));
  if (!watch) {
    const results = await Promise.all(
      bundles.map((bundle) => esbuild.build({ ...bundle, metafile: true })),
    ).catch(() => {
      // esbuild has printed every error with its place already.
      throw new Error('The build failed.');
    });
    const sources = results.flatMap((result) => Object.keys(result.metafile.inputs));
    writeFileSync(path.join(outdir, 'notices.txt'), notices([...sources, ...workerSources]));
    return;
  }
  const contexts = await Promise.all(
    bundles.map(({ plugins, ...bundle }) =>
      esbuild.context({ ...bundle, plugins: [...plugins, announceBuilds] }),
    ),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

/**
 * @returns {{ file: string, bytes: number }[]} what lies in `dist/`, source maps left out
 */
export function builtFiles() {
  return ['.js', '.css']
    .flatMap((suffix) => filesBelow('dist', suffix))
    .map((file) => ({ file, bytes: statSync(path.join(root, file)).size }));
}

/** @type {import('esbuild').BuildOptions} */
const classicJsx = {
  jsxFactory: 'h',
  jsxFragment: 'Fragment',
  inject: ['tools/jsx.mjs'],
  tsconfigRaw: {
    compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' },
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [assembleWat, workerScripts],
};

/**
 * The two lines that the background task of `.vscode/tasks.json` waits for.
 *
 * @type {import('esbuild').Plugin}
 */
const announceBuilds = {
  name: 'announce-builds',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(() => console.log('[watch] build finished'));
  },
};
