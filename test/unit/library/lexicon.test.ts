import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readLexicon } from '../../../src/library/lexicon';
import { Failure } from '../../../src/shared/failure';
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
});
