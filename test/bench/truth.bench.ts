import path from 'node:path';
import { openModel } from '../../src/engine/openModel';
import { root } from '../support/root';
import { alignmentFigures } from './truth/alignment';
import { effectFigures } from './truth/effects';
import { rolloutFigures } from './truth/rollout';

/*
 * How true it is what Headlight says, against values that were known before: which source word a result
 * word came from, by cross attention; what a head is good for; what rollout is worth.
 * docs/faithfulness.md has the figures.
 *
 * npm run bench -- truth
 */

async function main(): Promise<void> {
  const translator = await openModel(path.join(root, 'models/headlight-translate-en-zh'));
  console.log('Cross attention of headlight-translate-en-zh');
  for (const line of await alignmentFigures(translator)) {
    console.log(`  ${line}`);
  }
  const models = ['headlight-complete', 'headlight-fill-mask', 'headlight-translate-en-zh'];
  console.log('What a head is good for, from one text to others');
  (await effectFigures(models)).forEach((line) => console.log(`  ${line}`));
  console.log('Attention rollout, against the Jacobian');
  (await rolloutFigures()).forEach((line) => console.log(`  ${line}`));
}

void main();
