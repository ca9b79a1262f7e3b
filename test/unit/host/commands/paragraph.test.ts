import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { paragraphAround } from '../../../../src/host/commands/paragraph';

/** The lines of the paragraph around the line that is marked with `>`. */
function paragraph(...marked: string[]): string[] | undefined {
  const line = marked.findIndex((text) => text.startsWith('>'));
  const lines = marked.map((text) => text.replace(/^>/, ''));
  const found = paragraphAround(line, lines.length, (index) => lines[index] ?? assert.fail());
  return found && lines.slice(found.first, found.last + 1);
}

suite('host/commands/paragraph', () => {
  test('goes to the blank lines around', () => {
    assert.deepEqual(paragraph('one', '', 'two', '>three', 'four', '  \t', 'five'), [
      'two',
      'three',
      'four',
    ]);
  });

  test('goes to the ends of the document', () => {
    assert.deepEqual(paragraph('>one', 'two'), ['one', 'two']);
    assert.deepEqual(paragraph('one', '>two'), ['one', 'two']);
    assert.deepEqual(paragraph('>one'), ['one']);
  });

  test('is not there on a blank line', () => {
    assert.equal(paragraph('one', '> ', 'two'), undefined);
    assert.equal(paragraph('>'), undefined);
  });

  for (const mark of ['//', '#', '--', ';', '%', '*', '<!--']) {
    test(`keeps comments with ${mark} and code apart`, () => {
      const comment = [`  ${mark} Says a word.`, `  ${mark} Twice.`] as const;
      assert.deepEqual(paragraph('start();', `>${comment[0]}`, comment[1], 'end();'), comment);
      assert.deepEqual(paragraph(...comment, '>end();'), ['end();']);
    });
  }

  test('takes a block comment as one', () => {
    const comment = ['/**', ' * Says a word.', ' */'] as const;
    assert.deepEqual(paragraph('before();', comment[0], `>${comment[1]}`, comment[2], 'f();'), [
      ...comment,
    ]);
  });
});
