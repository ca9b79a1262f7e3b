import path from 'node:path';
import { openModel } from '../../src/engine/openModel';
import { root } from '../support/root';
import { alignedByGrammar, copiedWords } from './truth/alignedTexts';
import { alignmentFigures } from './truth/alignment';
import { parameterFigures } from './truth/parameters';

/*
 * How true it is what Headlight says, against values that were known before. docs/faithfulness.md has the
 * figures.
 *
 * npm run bench -- truth
 */

async function main(): Promise<void> {
  const translator = await openModel(path.join(root, 'models/headlight-translate-en-zh'));
  const sentences = alignedByGrammar();
  print(
    `Cross attention of headlight-translate-en-zh, ${sentences.length} sentences: alignment error rate, mean of the largest probability`,
    await alignmentFigures(translator, sentences),
  );
  const summarizer = await openModel(path.join(root, 'models/headlight-summarize'));
  const passages = await copiedWords(summarizer);
  print(
    `Cross attention of headlight-summarize, words copied from ${passages.length} passages: the same`,
    await alignmentFigures(summarizer, passages),
  );
}

function print(title: string, lines: readonly string[]): void {
  console.log(title);
  for (const line of lines) {
    console.log(`  ${line}`);
  }
  console.log(['Parameters', ...(await parameterFigures())].join('\n  '));
}

void main();
