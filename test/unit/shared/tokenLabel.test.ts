import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { distinctLabels, tokenLabel, tokenLabels } from '../../../src/shared/tokenLabel';
import { createTokenizer } from '../../../src/tokenizer/tokenizer';
import { root } from '../../support/root';

suite('shared: token labels', () => {
  for (const [text, label] of [
    ['world', 'world'],
    [' world', '·world'],
    ['  if', '··if'],
    [' ', '·'],
    ['\n', '⏎'],
    ['.\n', '.⏎'],
    ['\r\n\t', '␍⏎⇥'],
    ['注意', '注意'],
    ['<s>', '<s>'],
    ['\u3000', '⟨U+3000⟩'],
    ['a\u200bb', 'a⟨U+200B⟩b'],
    ['\u202eevil', '⟨U+202E⟩evil'],
    ['\u001b[31m', '⟨U+001B⟩[31m'],
    ['\u{1f469}\u200d\u{1f680}', '\u{1f469}\u200d\u{1f680}'],
    ['\u200d', '⟨U+200D⟩'],
  ] as const) {
    test(`${JSON.stringify(text)} is written ${label}`, () => {
      assert.equal(tokenLabel({ text, piece: text }), label);
    });
  }

  test('a token without text shows its piece', () => {
    assert.equal(tokenLabel({ text: '', piece: '▁' }), '▁');
  });

  test('the bytes of a character show it, in byte-level vocabularies', () => {
    const file = path.join(root, 'models/headlight-complete/tokenizer.json');
    const { encode } = createTokenizer(JSON.parse(readFileSync(file, 'utf8')), undefined);
    const labels = tokenLabels(encode('the 服务 😀é', { addSpecialTokens: false }));
    assert.deepEqual(labels, [
      ...['the', '·', '服 1/3', '服 2/3', '服 3/3', '务 1/3', '务 2/3', '务 3/3'],
      ...['·', '😀 1/4', '😀 2/4', '😀 3/4', '😀 4/4', 'é 1/2', 'é 2/2'],
    ]);
  });

  test('the bytes of a character show it, in SentencePiece vocabularies', () => {
    const bytes = ['<0xE6>', '<0x9C>', '<0x8D>'].map((piece) => ({ text: '\ufffd', piece }));
    assert.deepEqual(tokenLabels([{ text: '▁', piece: '▁' }, ...bytes]).slice(1), [
      '服 1/3',
      '服 2/3',
      '服 3/3',
    ]);
  });

  test('a token of a space and a part of a character shows both', () => {
    // U+6715 is E6 9C 95, of which the first is `æ`, the others `ľ` and `ķ`.
    const tokens = [
      { text: ' \ufffd', piece: 'Ġæ' },
      { text: '\ufffd', piece: 'ľķ' },
    ];
    assert.deepEqual(tokenLabels(tokens), ['·朕 1/2', '朕 2/2']);
  });

  test('a token of the end of one character and the start of the next shows both', () => {
    // U+3002 is E3 80 82, U+306E is E3 81 AE.
    const tokens = [
      { text: '\ufffd', piece: 'ãĢ' },
      { text: '\ufffd', piece: 'Ĥãģ' },
      { text: '\ufffd', piece: '®' },
    ];
    assert.deepEqual(tokenLabels(tokens), ['。 1/2', '。 2/2 の 1/2', 'の 2/2']);
  });

  test('bytes of no character are named', () => {
    assert.equal(tokenLabel({ text: '\ufffd', piece: 'æ' }), '<0xE6>');
    assert.deepEqual(
      tokenLabels([
        { text: '\ufffd', piece: '<0xFF>' },
        { text: 'a', piece: 'a' },
      ]),
      ['<0xFF>', 'a'],
    );
    assert.equal(tokenLabel({ text: '\ufffd' }), '\ufffd');
  });

  test('equal labels are told apart by their places', () => {
    assert.deepEqual(distinctLabels(['·the', '·cat', '·the']), ['·the #0', '·cat', '·the #2']);
  });
});
