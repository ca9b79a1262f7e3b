import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { furtherPieces } from '../../../../src/engine/tasks/furtherPieces';
import { sampleEvenly } from '../../../../src/engine/tasks/sampleEvenly';

suite('engine: further pieces of a document', () => {
  test('as many whole sentences as fit', () => {
    const text = 'One is read. Two are written. Three are lost. Four are found.';
    assert.deepEqual(furtherPieces([text], 30), [
      'One is read. Two are written.',
      'Three are lost.',
      'Four are found.',
    ]);
  });

  test('a sentence longer than that is a piece by itself', () => {
    const text = 'This sentence is a long one that does not fit. Short.';
    assert.deepEqual(furtherPieces([text], 12), [
      'This sentence is a long one that does not fit.',
      'Short.',
    ]);
  });

  test('none goes from one text into the next: the traced one stands between them', () => {
    assert.deepEqual(furtherPieces(['It reads.', 'It writes.'], 40), []);
    assert.deepEqual(furtherPieces(['It reads.', 'It writes.'], 25), ['It reads.', 'It writes.']);
  });

  test('a wrapped line is no end of a sentence; a new item or a blank line is', () => {
    const text =
      'It is read\nand written.\n- an item of this list\n- another item\n\nthe end of it all';
    assert.deepEqual(furtherPieces([text], 25), [
      'It is read\nand written.',
      '- an item of this list',
      '- another item',
      'the end of it all',
    ]);
  });

  test('code, which has lines and no sentences, is taken line by line', () => {
    const code = 'const a = read(file);\nlet b = write(a);\nreturn b;\n'.repeat(2);
    assert.deepEqual(furtherPieces([code], 45), [
      'const a = read(file);\nlet b = write(a);',
      'return b;\nconst a = read(file);',
      'let b = write(a);\nreturn b;',
    ]);
  });

  test('what is short, or has no word, says nothing', () => {
    assert.deepEqual(furtherPieces(['Ok.\n\n---------------------\n\n\n'], 20), []);
    assert.deepEqual(furtherPieces([], 20), []);
  });

  test('a sample is spread evenly', () => {
    const all = Array.from({ length: 100 }, (_, index) => index);
    assert.deepEqual(sampleEvenly(all, 4), [12, 37, 62, 87]);
    assert.deepEqual(sampleEvenly(all, 200), all);
    assert.deepEqual(sampleEvenly([], 3), []);
  });
});
