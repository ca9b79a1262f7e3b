import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { previewRows } from '../../../../src/host/editor/previewRows';

const space = { first: 10, columns: 10, rows: 12 };

suite('host/editor/previewRows', () => {
  for (const [what, text, rows] of [
    ['a short text is one row', 'a list', ['a list']],
    ['no text is one empty row', '', ['']],
    ['a line ends where the text has it end', 'a\r\n\nb\n', ['a', '', 'b', '']],
    ['a long line is cut between words', 'one two three four', ['one two ', 'three four']],
    ['a blank that has no room hangs over', 'one two th ree', ['one two th ', 'ree']],
    ['a word longer than a row is cut anywhere', 'abcdefghijklm', ['abcdefghij', 'klm']],
    ['wide characters take two columns', '这个文件已经打开了。', ['这个文件已', '经打开了。']],
  ] as const) {
    test(what, () => {
      assert.deepEqual(previewRows(text, space), rows);
    });
  }

  test('the first row may be shorter than the others', () => {
    assert.deepEqual(previewRows('one two three', { ...space, first: 4 }), ['one ', 'two three']);
  });

  test('nothing is lost of characters outside the basic plane', () => {
    const text = '😀'.repeat(25);
    const rows = previewRows(text, space);
    assert.equal(rows.join(''), text);
    assert.ok(rows.every((row) => row.length % 2 === 0));
  });

  test('of too many rows the first and the last ones are left', () => {
    const text = 'a\nb\nc\nd\ne';
    assert.deepEqual(previewRows(text, { ...space, rows: 3 }), ['a …', 'd', 'e']);
    assert.deepEqual(previewRows(text, { ...space, rows: 1 }), ['… e']);
  });
});
