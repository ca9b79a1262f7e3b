import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { continuation } from '../../../../src/host/commands/continuation';

/** What is in the document, what the model writes piece by piece, and what the document has then. */
const cases: { title: string; text: string; deltas: string[]; result: string }[] = [
  { title: 'no space', text: 'The cat', deltas: [' sat', ' down'], result: 'The cat sat down' },
  { title: 'a space', text: 'The cat ', deltas: [' sat', ' down'], result: 'The cat sat down' },
  { title: 'two spaces', text: 'The cat  ', deltas: [' sat'], result: 'The cat  sat' },
  { title: 'two spaces for one', text: 'cat ', deltas: ['  sat'], result: 'cat  sat' },
  { title: 'a word that goes on', text: 'The c ', deltas: ['at', ' sat'], result: 'The c at sat' },
  { title: 'an empty piece first', text: 'A ', deltas: ['', ' b', ' c'], result: 'A b c' },
  { title: 'a line’s end', text: 'A\n', deltas: [' b'], result: 'A\n b' },
  { title: 'an indent', text: 'A\n    ', deltas: [' b'], result: 'A\n     b' },
  { title: 'nothing but spaces', text: '   ', deltas: [' b'], result: '    b' },
  { title: 'a tab', text: 'A\t', deltas: [' b'], result: 'A\t b' },
  { title: 'nothing', text: '', deltas: ['b'], result: 'b' },
];

suite('host/commands/continuation', () => {
  for (const { title, text, deltas, result } of cases) {
    test(title, () => {
      const { prompt, join } = continuation(text);
      assert.ok(text.startsWith(prompt));
      assert.equal(text + deltas.map(join).join(''), result);
    });
  }

  test('the model sees a text that ends with a word without its spaces', () => {
    assert.equal(continuation('The cat  ').prompt, 'The cat');
    assert.equal(continuation('A\n  ').prompt, 'A\n  ', 'an indent is no surplus');
    assert.equal(continuation('   ').prompt, '   ');
  });
});
