import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { LeadingTextBuffer } from '../../../../src/host/commands/leadingText';

const token = { id: 1, text: 'x', logprob: -1 };

suite('host/commands/leadingText', () => {
  test('holds back what is copied until the model writes, and loses nothing of it', () => {
    const text = new LeadingTextBuffer();
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
    const text = new LeadingTextBuffer();
    assert.equal(['// ', '\n', '// '].map((delta) => text.push({ delta })).join(''), '');
    assert.equal(text.found, false);
  });
});
