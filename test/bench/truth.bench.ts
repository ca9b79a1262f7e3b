import path from 'node:path';
import { openModel, type OpenModel } from '../../src/engine/openModel';
import { root } from '../support/root';
import { alignedByGrammar, copiedWords } from './truth/alignedTexts';
import { alignmentFigures } from './truth/alignment';
import { effectFigures } from './truth/effects';
import { halfPrecisionFigures } from './truth/halfPrecision';
import { labelsOfModels } from './truth/labels';
import { parameterFigures } from './truth/parameters';
import { rolloutFigures } from './truth/rollout';
import { verificationFigures } from './truth/verification';
import { warningFigures } from './truth/warnings';

/*
 * How true it is what Headlight says, against values that were known before. docs/faithfulness.md has the
 * figures.
 *
 * npm run bench -- truth [PART]
 */

const PARTS: Record<string, () => Promise<string[]>> = {
  'translated words': async () =>
    alignmentFigures(await bundled('translate-en-zh'), alignedByGrammar()),
  'copied words': async () => {
    const summarizer = await bundled('summarize');
    return alignmentFigures(summarizer, await copiedWords(summarizer));
  },
  'labels of heads': labelsOfModels,
  'effect of a head': () =>
    effectFigures(['headlight-complete', 'headlight-fill-mask', 'headlight-translate-en-zh']),
  rollout: rolloutFigures,
  parameters: parameterFigures,
  verify: verificationFigures,
  'verify in half precision': halfPrecisionFigures,
  'words of warning': warningFigures,
};

async function main(): Promise<void> {
  const [wanted] = process.argv.slice(2);
  for (const [name, figures] of Object.entries(PARTS)) {
    if (wanted === undefined || wanted === name) {
      console.log([name, ...(await figures())].join('\n  '));
    }
  }
}

function bundled(name: string): Promise<OpenModel> {
  return openModel(path.join(root, `models/headlight-${name}`));
}

void main();
