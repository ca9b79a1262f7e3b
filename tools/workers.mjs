import path from 'node:path';

/**
 * Gives the script of a worker as text: `import script from './layoutWorker?worker'`. The pages of views may
 * run no script but their own, and start workers from it.
 *
 * @type {import('esbuild').Plugin}
 */
export const workerScripts = {
  name: 'worker-scripts',
  setup(build) {
    build.onResolve({ filter: /\?worker$/ }, ({ path: name, resolveDir }) => ({
      path: path.join(resolveDir, name.replace(/\?worker$/, '.ts')),
      namespace: 'worker',
    }));
    build.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path: entry }) => {
      const { absWorkingDir, charset, legalComments, logLevel, minify, target } =
        build.initialOptions;
      const { outputFiles, metafile } = await build.esbuild.build({
        ...{ absWorkingDir, charset, legalComments, logLevel, minify, target },
        entryPoints: [entry],
        bundle: true,
        write: false,
        metafile: true,
        format: 'iife',
        platform: 'browser',
      });
      const inputs = Object.keys(metafile.inputs);
      inputs.forEach((input) => workerSources.add(input));
      return {
        contents: outputFiles[0]?.text ?? '',
        loader: 'text',
        watchFiles: inputs.map((input) => path.resolve(absWorkingDir ?? '', input)),
      };
    });
  },
};

/** What went into the scripts of workers, relative to the root; the outer build does not tell. */
export const workerSources = /** @type {Set<string>} */ (new Set());
