import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { FirstWord } from '../../../../src/host/commands/firstWord';

const token = { id: 1, text: 'x', logprob: -1 };

suite('host/commands/firstWord', () => {
  test('holds back what is copied until the model writes, and loses nothing of it', () => {
    const text = new FirstWord();
    assert.equal(text.push({ delta: '1. ' }), '');
    assert.equal(text.push({ delta: '', token }), '');
    assert.equal(text.push({ delta: ' ', token }), '');
    assert.equal(text.found, false);
    assert.equal(text.push({ delta: 'x', token }), '1.  x');
    assert.equal(text.found, true);
    assert.equal(text.push({ delta: '\n' }), '\n');
    assert.equal(text.push({ delta: ' y', token }), ' y');
  });

  test('never lets a text pass that is copied as a whole', () => {
    const text = new FirstWord();
    assert.equal(['// ', '\n', '// '].map((delta) => text.push({ delta })).join(''), '');
    assert.equal(text.found, false);
  });
});
