import path from 'node:path';
import { openModel, type OpenModel } from '../../src/engine/openModel';
import { root } from '../support/root';
import { alignedByGrammar, copiedWords } from './truth/alignedTexts';
import { aligningFigures } from './truth/aligningHeads';
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
  'aligning heads': async () => {
    const [translator, summarizer] = [await bundled('translate-en-zh'), await bundled('summarize')];
    return [
      'headlight-translate-en-zh, sentences aligned by the grammar',
      ...(await aligningFigures(translator, alignedByGrammar())),
      'headlight-summarize, words copied from the passage',
      ...(await aligningFigures(summarizer, await copiedWords(summarizer))),
    ];
  },
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
