import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stemOf, unmatchedWords } from '../../../src/engine/warnings/lostWords';
import { readLexicon } from '../../../src/library/lexicon';
import { Failure } from '../../../src/shared/failure';
import type { JsonObject } from '../../../src/shared/jsonObject';
import { root } from '../../support/root';

suite('library: how a translator translates words', () => {
  test('is read', () => {
    const lexicon = readLexicon({ open: ['打开'], the: [] }, 'x');
    assert.deepEqual(lexicon.get('open'), ['打开']);
    assert.deepEqual(lexicon.get('the'), []);
    assert.equal(lexicon.get('close'), undefined);
  });

  for (const json of [{ open: '打开' }, { open: [1] }, { open: [''] }]) {
    test(`is refused: ${JSON.stringify(json)}`, () => {
      assert.throws(
        () => readLexicon(json, 'x'),
        (error) => error instanceof Failure && error.kind === 'model' && error.where === 'x',
      );
    });
  }

  test('of the bundled translator has what its training text says', () => {
    const file = path.join(root, 'models/headlight-translate-en-zh/lexicon.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof readLexicon>[0];
    const lexicon = readLexicon(json, file);
    assert.equal(lexicon.get('file')?.[0], '文件');
    assert.ok(lexicon.get('without')?.includes('没有'));
    assert.deepEqual(lexicon.get('the'), []);
    assert.ok(lexicon.size > 3000);
  });

  test('of the bundled translator has the small words that were written by hand', () => {
    const read = (file: string): JsonObject =>
      JSON.parse(readFileSync(path.join(root, 'models', file), 'utf8')) as JsonObject;
    const lexicon = readLexicon(read('headlight-translate-en-zh/lexicon.json'), '');
    const small = read('train/headlight_train/evaluation/small_words.json');
    assert.ok('twice' in small && 'except' in small && 'nobody' in small);
    for (const [word, pieces] of Object.entries(small)) {
      assert.deepEqual(lexicon.get(stemOf(word)), pieces, word);
    }
    const lost = (source: string, result: string): string[] =>
      unmatchedWords(source, result, lexicon).lost;
    assert.deepEqual(lost('Run it twice.', '再次运行。'), ['twice']);
    assert.deepEqual(lost('Run it twice.', '运行两次。'), []);
    assert.deepEqual(lost('All files except one', '所有文件'), ['except']);
    assert.deepEqual(lost('All files except one', '除一个以外的所有文件'), []);
    assert.deepEqual(unmatchedWords("Nobody says it's open.", '没有人说它已打开。', lexicon), {
      lost: [],
      rare: [],
    });
  });
});
