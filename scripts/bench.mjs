// node scripts/bench.mjs [NAME [ARGS…]]: runs test/bench/NAME.bench.ts; lists the names without one.
import path from 'node:path';
import { build, filesBelow, testBundles } from '../tools/bundles.mjs';
import { command } from '../tools/command.mjs';
import { installPackages } from '../tools/install.mjs';
import { run } from '../tools/processes.mjs';
import { root } from '../tools/root.mjs';
import { temporaryFolder } from '../tools/temporary.mjs';

const suffix = '.bench.ts';
const external = ['onnxruntime-node', 'playwright-core', 'vscode'];

await command(async () => {
  const names = filesBelow('test/bench', suffix).map((file) => path.basename(file, suffix));
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || !names.includes(name)) {
    console.log(`Benchmarks: ${names.join(', ')}. Example: npm run bench -- ${names[0]}`);
    return name === undefined ? 0 : 2;
  }
  await installPackages();
  await build({ production: true });
  const { build: bundle } = await import('esbuild');
  const outdir = temporaryFolder(path.join(root, 'dist-test'), 'bench');
  await bundle(testBundles('test/bench', [`test/bench/${name}${suffix}`], outdir, external));
  const file = path.join(outdir, `${name}.bench.js`);
  return run(process.execPath, ['--enable-source-maps', file, ...args], { cwd: root });
});
