import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

/**
 * Turns `*.wat`, the text form of WebAssembly, into the bytes of a module: an import of such a file
 * is a `Uint8Array`.
 *
 * @type {import('esbuild').Plugin}
 */
export const assembleWat = {
  name: 'assemble-wat',
  setup(build) {
    build.onLoad({ filter: /\.wat$/ }, async ({ path: file }) => {
      try {
        return { contents: await assemble(file), loader: 'binary' };
      } catch (error) {
        return { errors: [{ text: error instanceof Error ? error.message : String(error) }] };
      }
    });
  },
};

/**
 * @param {string} file
 * @returns {Promise<Uint8Array>}
 * @throws if the text is no valid module; the message names the line
 */
async function assemble(file) {
  // Few builds have such a file, and the assembler takes a while to load.
  const { default: wabt } = await import('wabt');
  const { parseWat } = await wabt();
  const module = parseWat(path.relative(root, file), readFileSync(file, 'utf8'));
  try {
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
