import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { MarkedResult } from '../../../../src/host/editor/markedResult';

/** A document with a result whose word `unsure` is marked, and what becomes of it by edits. */
function edited(
  before: string,
  result: string,
  ...edits: [offset: number, removed: number, inserted: string][]
): string[] | 'gone' {
  let text = before + result;
  const start = result.replaceAll('\r\n', '\n').indexOf('unsure');
  const words = [{ start, end: start + 'unsure'.length, probability: 0.1 }];
  const marked = new MarkedResult(result, before.length, words);
  for (const [offset, removed, inserted] of edits) {
    text = text.slice(0, offset) + inserted + text.slice(offset + removed);
    const change = { offset, removed, inserted: inserted.length };
    if (!marked.apply([change], (from, to) => text.slice(from, to))) {
      return 'gone';
    }
  }
  return marked.placed.map((word) => text.slice(word.start, word.end));
}

suite('host/editor/markedResult', () => {
  test('words are found behind what stands before, whatever the line ends are', () => {
    assert.deepEqual(edited('A. ', 'An unsure word.'), ['unsure']);
    assert.deepEqual(edited('A.\r\n', 'One\r\ntwo\r\nthe unsure word.'), ['unsure']);
  });

  test('they move with edits before, and stay at edits behind', () => {
    assert.deepEqual(edited('A. ', 'An unsure word.', [0, 1, 'Before']), ['unsure']);
    assert.deepEqual(edited('', 'An unsure word.', [15, 0, ' More.']), ['unsure']);
  });

  test('the first edit of the result takes the marks away', () => {
    assert.equal(edited('', 'An unsure word.', [10, 4, 'one']), 'gone');
    assert.equal(edited('', 'An unsure word.', [10, 0, 'x']), 'gone');
  });

  test('undo, which takes the result away, takes the marks as well', () => {
    assert.equal(edited('A. ', 'An unsure word.', [3, 15, '']), 'gone');
    assert.equal(edited('A. ', 'An unsure word.', [3, 15, 'The source.']), 'gone');
  });

  test('another result in the same place is told from one beside it', () => {
    const marked = new MarkedResult('An unsure word.', 3, []);
    assert.deepEqual(
      [
        marked.overlaps(0, 3),
        marked.overlaps(2, 4),
        marked.overlaps(17, 20),
        marked.overlaps(18, 20),
      ],
      [false, true, true, false],
    );
  });
});
