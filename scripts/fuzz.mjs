// node scripts/fuzz.mjs [--files N] [--seed S [--index I]]: damages model files and opens them all.
import path from 'node:path';
import { testBundles } from '../tools/bundles.mjs';
import { command } from '../tools/command.mjs';
import { installPackages } from '../tools/install.mjs';
import { run } from '../tools/processes.mjs';
import { root } from '../tools/root.mjs';
import { temporaryFolder } from '../tools/temporary.mjs';

await command(async () => {
  await installPackages();
  const { build } = await import('esbuild');
  const outdir = temporaryFolder(path.join(root, 'dist-test'), 'fuzz');
  await build(testBundles('test/fuzz', ['test/fuzz/main.ts'], outdir, ['onnxruntime-node']));
  const args = ['--enable-source-maps', path.join(outdir, 'main.js'), ...process.argv.slice(2)];
  return run(process.execPath, args, { cwd: root });
});
