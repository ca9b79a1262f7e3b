// node scripts/build.mjs [--watch] [--production]: builds everything that ships into dist/.
import { parseArgs } from 'node:util';
import { build, builtFiles } from '../tools/bundles.mjs';
import { command } from '../tools/command.mjs';
import { installPackages } from '../tools/install.mjs';

await command(async () => {
  const { values } = parseArgs({
    options: {
      watch: { type: 'boolean', default: false },
      production: { type: 'boolean', default: false },
    },
  });
  await installPackages();
  await build(values);
  if (values.watch) return;
  for (const { file, bytes } of builtFiles()) {
    console.log(`${(bytes / 1000).toFixed(1).padStart(9)} kB  ${file}`);
  }
});
