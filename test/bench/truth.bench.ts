import path from 'node:path';
import { openModel } from '../../src/engine/openModel';
import { root } from '../support/root';
import { alignmentFigures } from './truth/alignment';
import { verificationFigures } from './truth/verification';

/*
 * How true it is what Headlight says, against values that were known before: which source word a result
 * word came from, by cross attention. docs/faithfulness.md has the figures.
 *
 * npm run bench -- truth
 */

async function main(): Promise<void> {
  const translator = await openModel(path.join(root, 'models/headlight-translate-en-zh'));
  console.log('Cross attention of headlight-translate-en-zh');
  for (const line of await alignmentFigures(translator)) {
    console.log(`  ${line}`);
  }
  console.log('Verify: the largest difference of logits between runtime and reference');
  for (const line of await verificationFigures()) {
    console.log(`  ${line}`);
  }
}

void main();
