import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { findModelCard, licenceIn } from '../../../src/library/modelCard';
import { temporaryFolder } from '../../support/temporary';

suite('library/modelCard', () => {
  for (const [card, licence] of [
    ['---\nlicense: apache-2.0\ntags:\n- a\n---\n# Model', 'apache-2.0'],
    ['\ufeff---\r\nlicense: "mit"\r\n---\r\n', 'mit'],
    ['---\ntags: x\nlicense: other # see LICENSE\n---\n', 'other'],
    ['| Licence of the weights | MIT, as the rest |\n', 'MIT'],
    ['# Model\nlicense: mit in the text\n', undefined],
    ['---\nlicense:\n- a\n---\n', undefined],
  ] as const) {
    test(`${JSON.stringify(card)} names ${licence ?? 'no licence'}`, () => {
      assert.equal(licenceIn(card), licence);
    });
  }

  test('a card of Headlight comes before a README, in any case of letters', async () => {
    const folder = mkdtempSync(path.join(temporaryFolder(), 'card-'));
    assert.equal(await findModelCard(folder), undefined);
    writeFileSync(path.join(folder, 'Readme.MD'), '---\nlicense: mit\n---\n');
    assert.deepEqual(await findModelCard(folder), {
      file: path.join(folder, 'Readme.MD'),
      licence: 'mit',
    });
    writeFileSync(path.join(folder, 'MODEL_CARD.md'), '# Card');
    assert.deepEqual(await findModelCard(folder), { file: path.join(folder, 'MODEL_CARD.md') });
    assert.equal(await findModelCard(path.join(folder, 'nowhere')), undefined);
  });
});
