import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root';
import { temporaryFolder } from './temporary';

interface Bundles {
  build(options: { production: boolean; outdir: string }): Promise<void>;
}

// Every test file is a bundle by itself; what they share is the process.
const shared = globalThis as { headlightTestPrograms?: Promise<string> };

/**
 * Builds what ships, as `npm run build` does, once for all test files.
 *
 * @returns a folder laid out like the extension: `dist/`, `models/` and `package.json`
 */
export function programs(): Promise<string> {
  shared.headlightTestPrograms ??= buildPrograms();
  return shared.headlightTestPrograms;
}

async function buildPrograms(): Promise<string> {
  const parent = path.join(root, 'build');
  mkdirSync(parent, { recursive: true });
  // Inside the repository, so that its packages are found.
  const folder = temporaryFolder(parent);
  copyFileSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  symlinkSync(path.join(root, 'models'), path.join(folder, 'models'), 'junction');
  const script = pathToFileURL(path.join(root, 'tools/bundles.mjs')).href;
  const { build } = (await import(script)) as Bundles;
  await build({ production: false, outdir: path.join(folder, 'dist') });
  return folder;
}
