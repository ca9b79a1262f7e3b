// node scripts/package.mjs [TARGET…]: packs the extension for each platform, this one by default.
import { command } from '../tools/command.mjs';
import { installPackages } from '../tools/install.mjs';
import { packageExtension, targetHere, targets } from '../tools/vsix.mjs';

await command(async () => {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((target) => !targets.includes(target));
  if (unknown.length > 0) {
    console.error(`There is no target ${unknown.join(', ')}. Targets: ${targets.join(', ')}.`);
    return 2;
  }
  await installPackages();
  for (const target of chosen.length > 0 ? chosen : [targetHere()]) {
    const { file, bytes } = await packageExtension(target);
    console.log(`${file}  ${(bytes / 1e6).toFixed(1)} MB`);
  }
});
