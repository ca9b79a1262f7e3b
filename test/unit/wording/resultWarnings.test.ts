import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import type { Truncation } from '../../../src/shared/attention';
import { warningSentences, usesPart, type Outcome } from '../../../src/wording/resultWarnings';
import type { ResultWarning } from '../../../src/shared/resultWarning';
import type { ModelChoice, Task } from '../../../src/shared/modelSummary';
import { inEnglish } from '../../../src/shared/failure';

const tasks: Task[] = ['complete', 'translate', 'summarize', 'fillMask'];
const own: ModelChoice = { folder: 'a/model' };

function sentences(outcome: Outcome, task: Task, model: ModelChoice = own): string[] {
  return warningSentences(outcome, task, model).map(inEnglish);
}

suite('wording/resultWarnings', () => {
  test('a result without warnings needs no word', () => {
    for (const task of tasks) {
      assert.deepEqual(sentences({ warnings: [], stop: 'end' }, task), []);
    }
  });

  test('every warning is a sentence of its own', () => {
    const warnings: ResultWarning[] = [
      { kind: 'empty' },
      { kind: 'repetition' },
      { kind: 'sameLanguage' },
      { kind: 'unknownCharacters', characters: ['猫'], share: 0.5 },
      { kind: 'unfamiliar' },
      { kind: 'notShorter' },
    ];
    for (const model of [own, { bundled: 'translate' } as const]) {
      const found = sentences({ warnings }, 'translate', model);
      assert.equal(new Set(found).size, warnings.length);
      for (const sentence of found) {
        assert.match(sentence, /^[A-Z].*\.$/);
        assert.ok(!sentence.includes('{'), sentence);
      }
    }
  });

  test('bundled models say what text they know, each in the words of its task', () => {
    const outcome: Outcome = { warnings: [{ kind: 'unfamiliar' }] };
    const found = tasks.flatMap((bundled) => sentences(outcome, bundled, { bundled }));
    assert.equal(new Set(found).size, tasks.length);
    assert.ok(found.every((sentence) => sentence.includes('software English')));
    assert.match(found[1] ?? '', /the translation may be wrong/);
    assert.ok(!sentences(outcome, 'translate').join().includes('software'));
  });

  test('a sentence that was cut is told of where nothing else of the text was left out', () => {
    const truncation: Truncation = { used: 60, total: 99, context: 64, kept: 'start' };
    for (const task of tasks) {
      const found = sentences({ warnings: [], truncation }, task);
      const told = usesPart(task) ? [] : [/99 tokens.*64.*cut/];
      assert.equal(found.length, told.length, task);
      told.forEach((pattern, index) => assert.match(found[index] ?? '', pattern));
    }
  });

  test('unknown characters are named, the first few of them', () => {
    const characters = Array.from('猫狗鸟鱼马牛');
    const [sentence = ''] = sentences(
      { warnings: [{ kind: 'unknownCharacters', characters, share: 0.254 }] },
      'translate',
    );
    assert.match(sentence, /25% .*猫 狗 鸟 鱼 马\)/);
    assert.ok(!sentence.includes('牛'));
    const rare: ResultWarning = { kind: 'unknownCharacters', characters: ['猫'], share: 0.001 };
    assert.match(sentences({ warnings: [rare] }, 'translate')[0] ?? '', /[^\d]1% /);
  });

  test('a translation that met its limit may lack its end; a completion is meant to', () => {
    for (const stop of ['length', 'context'] as const) {
      assert.match(sentences({ warnings: [], stop }, 'translate').join(), /end may be missing/);
      assert.deepEqual(sentences({ warnings: [], stop }, 'complete'), []);
    }
    assert.deepEqual(sentences({ warnings: [], stop: 'cancelled' }, 'translate'), []);
  });

  test('where nothing was written, only what may explain it is said', () => {
    const warnings: ResultWarning[] = [
      { kind: 'empty' },
      { kind: 'repetition' },
      { kind: 'unfamiliar' },
      { kind: 'unknownCharacters', characters: ['猫'], share: 0.5 },
      { kind: 'sameLanguage' },
    ];
    const truncation: Truncation = { used: 60, total: 99, context: 64, kept: 'start' };
    const found = sentences({ warnings, stop: 'length', truncation, nothing: true }, 'translate');
    assert.equal(found.length, 3, found.join());
    assert.match(found[0] ?? '', /猫/);
    assert.match(found[1] ?? '', /already in the language/);
    assert.match(found[2] ?? '', /cut/);
  });

  test('sentences and pieces that are listed stand in quotation marks', () => {
    const long = '长'.repeat(99);
    const warnings: ResultWarning[] = [
      { kind: 'alreadyTranslated', sentences: ['打开\n文件。', long] },
      { kind: 'pieces', missing: ['a', 'b', 'c', 'd', 'e', 'f'], added: [] },
    ];
    const [stays = '', lacks = ''] = sentences({ warnings }, 'translate');
    assert.ok(stays.endsWith(`: “打开 文件。”, “${long.slice(0, 60)}…”.`), stays);
    assert.ok(lacks.endsWith(': “a”, “b”, “c”, “d”, “e”, ….'), lacks);
  });

  const noticed: [warning: ResultWarning, sentence: RegExp][] = [
    [
      { kind: 'unfamiliar', sentences: ['a b'] },
      /^These parts of the text seem unlike .*: “a b”\.$/,
    ],
    [{ kind: 'names', missing: ['GitHub'], added: [] }, /lacks names of the text: “GitHub”\.$/],
    [{ kind: 'names', missing: [], added: ['GitHub'] }, /names that are not in .*: “GitHub”\.$/],
    [
      { kind: 'lostWords', found: [{ words: ['without', 'a'] }] },
      /^Something may be lost: .*: “without”, “a”\.$/,
    ],
    [
      {
        kind: 'lostWords',
        found: [
          { words: ['twice', 'a'], sentence: 'Run it twice.' },
          { words: ['b'], sentence: 'C' },
        ],
      },
      /: “Run it twice\.”: “twice”, “a”; “C”: “b”\.$/,
    ],
    [
      { kind: 'rareWords', found: [{ words: ['heartbeat'] }] },
      /^The translator hardly met .* guess: “heartbeat”\.$/,
    ],
    [{ kind: 'saidAgain', words: ['class'] }, /may go in a circle: .*: “class”\.$/],
    [{ kind: 'heldShort' }, /broken off/],
    [{ kind: 'negation', lost: ['a b'], added: [] }, /lost a “not”: “a b”\.$/],
    [{ kind: 'negation', lost: [], added: ['a b'] }, /say “not” where .*: “a b”\.$/],
    [{ kind: 'unsure', sentences: ['a b'] }, /unsure how to translate .*: “a b”\.$/],
    [{ kind: 'unsure', sentences: [] }, /^As a whole, .* a low probability; .*\.$/],
    [{ kind: 'newWords', words: ['themesing'] }, /does not have these words .*: “themesing”\.$/],
    [{ kind: 'pieced', sentences: ['a b'] }, /put these sentences together .*: “a b”\.$/],
  ];
  for (const [warning, sentence] of noticed) {
    test(`says what was noticed: ${JSON.stringify(warning)}`, () => {
      const [found = '', ...others] = sentences({ warnings: [warning] }, 'translate');
      assert.match(found, sentence);
      assert.deepEqual(others, []);
    });
  }
});
