import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { characterEnd, characterStart } from '../../../../src/host/commands/wholeCharacters';

suite('host/commands/wholeCharacters', () => {
  for (const [what, character] of [
    ['a pair of surrogates', '😀'],
    ['a family', '👨‍👩‍👧'],
    ['a colour of skin', '👍🏽'],
    ['a flag', '🇩🇪'],
    ['a letter with a combining accent', 'e\u0301'],
    ['a line end of two units', '\r\n'],
  ] as const) {
    test(`${what} is one character`, () => {
      const text = `ab${character}cd`;
      const { length } = character;
      for (let offset = 1; offset < length; offset++) {
        assert.equal(characterStart(text, 2 + offset), 2);
        assert.equal(characterEnd(text, 2 + offset), 2 + length);
      }
      for (const border of [0, 1, 2, 2 + length, 3 + length, text.length]) {
        assert.equal(characterStart(text, border), border);
        assert.equal(characterEnd(text, border), border);
      }
    });
  }
});
