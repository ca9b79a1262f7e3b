import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nonExtractive } from '../../../../src/engine/warnings/nonExtractive';
import { unmatchedWords } from '../../../../src/engine/warnings/lostWords';
import { negationChange } from '../../../../src/engine/warnings/negation';
import { repeatedWords } from '../../../../src/engine/warnings/repeatedWords';
import { isLikelyWrong, totalLogprob } from '../../../../src/engine/warnings/errorProbability';
import { readLexicon } from '../../../../src/library/lexicon';
import { readModelPurpose, type WrongSigns } from '../../../../src/library/modelPurpose';
import type { JsonObject } from '../../../../src/shared/jsonObject';
import {
  halves,
  JUDGED_TASKS,
  ofHalf,
  readJudged,
  rerun,
  startOf,
  type Judged,
} from '../../../support/judged';
import { root } from '../../../support/root';
import { listen } from '../../../support/engine/models';

/** Of the results that are run again, one in so many. */
const SAMPLE = 20;

function readModel(folder: string, file: string): JsonObject {
  return JSON.parse(readFileSync(path.join(root, 'models', folder, file), 'utf8')) as JsonObject;
}

function limitsOf(folder: string): WrongSigns {
  const { domain } = readModelPurpose(readModel(folder, 'headlight.json'), {}, '', '');
  assert.ok(domain?.wrong);
  return domain.wrong;
}

/** Whether what is stored of a result has the signs of a wrong one. */
const SEEMS_WRONG: Record<(typeof JUDGED_TASKS)[number], () => (judged: Judged) => boolean> = {
  translate: () => {
    const folder = 'headlight-translate-en-zh';
    const limits = limitsOf(folder);
    const lexicon = readLexicon(readModel(folder, 'lexicon.json'), '');
    return ({ text, result = '', logprob = 0 }) => {
      const change = negationChange(text, result, { source: 'en', target: 'zh' });
      const { lost, rare } = unmatchedWords(text, result, lexicon);
      const signs = { logprob, unmatchedWords: lost.length + rare.length };
      return isLikelyWrong({ ...signs, negation: change ? 1 : 0 }, limits);
    };
  },
  summarize:
    () =>
    ({ text, result = '' }) => {
      const { words, sentences } = nonExtractive(text, result, 'en');
      return words.length + sentences.length > 0;
    },
  complete: () => {
    const limits = limitsOf('headlight-complete');
    return (judged) => {
      const { result = '', logprob = 0 } = judged;
      const again = repeatedWords(startOf(judged), result).length;
      return result !== '' && isLikelyWrong({ logprob, saidAgain: again }, limits);
    };
  },
};

/**
 * What gets a warning of the results held out, at least and at most; `npm run bench -- truth` counts all warnings.
 * Most completions of code get one for being code, which nothing here looks at.
 */
const LEAST_RECALL = { translate: 0.6, summarize: 0.7, complete: 0.55 };
const MOST_FALSE_ALARMS = 0.1;

suite('engine/warnings: judged results of the bundled models', () => {
  for (const task of JUDGED_TASKS) {
    test(`${task}: wrong results held out get a warning, and few others`, () => {
      const seems = SEEMS_WRONG[task]();
      const judged = ofHalf(task, 'held out').map(({ one }) => one);
      const share = (wrong: boolean): number => {
        const all = judged.filter((one) => one.wrong === wrong);
        return all.filter(seems).length / all.length;
      };
      assert.equal(judged.length, task === 'complete' ? 130 : 50);
      assert.ok(judged.every(({ wrong }) => wrong !== undefined));
      assert.ok(share(true) >= LEAST_RECALL[task], `recall ${share(true)}`);
      assert.ok(share(false) <= MOST_FALSE_ALARMS, `false alarms ${share(false)}`);
    });

    test(`${task}: the judged results are those that the model writes`, async function () {
      this.timeout(120_000);
      const { engine } = listen();
      for (const [index, one] of readJudged(task).entries()) {
        if (index % SAMPLE === 0) {
          const { result, tokens } = await rerun(engine, task, one, index);
          assert.equal(result, one.result, `${index}: ${one.text}`);
          assert.ok(Math.abs(totalLogprob(tokens) - (one.logprob ?? 0)) < 0.01, one.text);
        }
      }
    });
  }

  test('a continuation that goes in a circle is told of by its words, an unlikely one as a whole', async () => {
    const { engine } = listen();
    const warningsOf = async (start: string) => {
      const judged = readJudged('complete', '-second');
      const index = judged.findIndex(({ text }) => text === start);
      return (await rerun(engine, 'complete', judged[index] as Judged, index)).warnings;
    };
    assert.deepEqual(await warningsOf('The default encoding of a file is'), [
      { kind: 'saidAgain', words: ['default', 'encoding'] },
    ]);
    assert.deepEqual(await warningsOf('Opens the file in binary mode and'), [
      { kind: 'saidAgain', words: ['file', 'opened'] },
      { kind: 'unsure', sentences: [] },
    ]);
    assert.deepEqual(await warningsOf('Two processes can share'), []);
  });

  test('a word that no one would write next is marked in a completion', async () => {
    const { engine } = listen();
    const judged = readJudged('complete');
    const index = judged.findIndex(({ text }) => text.startsWith('The main difference between'));
    const { result, unsure } = await rerun(engine, 'complete', judged[index] as Judged, index);
    assert.deepEqual(
      unsure.map(({ start, end }) => result.slice(start, end)),
      ['buts'],
    );
  });

  test('the halves of a set are of a size, and always the same', () => {
    const found = halves(100);
    assert.equal(found.filter((half) => half === 'tuning').length, 50);
    assert.deepEqual(found, halves(100));
  });
});
