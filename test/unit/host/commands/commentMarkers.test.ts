import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import {
  commentLinePrefix,
  withinComment,
  withLinePrefix,
  wordsWithLinePrefix,
} from '../../../../src/host/commands/commentMarkers';

/** The words of a text, and what becomes of the text when others take their place. */
function replaced(text: string): [words: string, after: string] {
  const { start, end } = withinComment(text);
  return [text.slice(start, end), `${text.slice(0, start)}…${text.slice(end)}`];
}

suite('host/commands/commentMarkers', () => {
  for (const [text, words, after] of [
    ['One. Two.', 'One. Two.', '…'],
    ['  One.\n  Two.\n', 'One.\n  Two.', '  …\n'],
    ['// One.\n// Two.', 'One.\n// Two.', '// …'],
    ['\t/// One.\r\n\t/// Two.\r\n', 'One.\r\n\t/// Two.', '\t/// …\r\n'],
    ['# One.\n# Two.', 'One.\n# Two.', '# …'],
    ['-- One.', 'One.', '-- …'],
    ['/** One. */', 'One.', '/** … */'],
    ['  /**\n   * One.\n   * Two.\n   */\n', 'One.\n   * Two.', '  /**\n   * …\n   */\n'],
    ['<!-- One. -->', 'One.', '<!-- … -->'],
    ['#include is one.', '#include is one.', '…'],
    ['*One* is bold.', '*One* is bold.', '…'],
    ['//', '//', '…'],
    ['  \n ', '', '  \n …'],
  ] as const) {
    test(JSON.stringify(text), () => {
      assert.deepEqual(replaced(text), [words, after]);
    });
  }

  for (const [before, mark] of [
    ['  // ', '  // '],
    ['\t# ', '\t# '],
    [' * ', ' * '],
    ['/** ', ''],
    ['<!-- ', ''],
    ['let a = 1; // ', ''],
    ['  ', ''],
    ['', ''],
  ] as const) {
    test(`further lines behind ${JSON.stringify(before)} begin with ${JSON.stringify(mark)}`, () => {
      assert.equal(commentLinePrefix(before), mark);
    });
  }

  test('a mark goes in front of further lines', () => {
    assert.equal(
      withLinePrefix('One.\n\nTwo.\nThree.', '  // '),
      'One.\n  //\n  // Two.\n  // Three.',
    );
    assert.equal(withLinePrefix('One.\n\nTwo.', ''), 'One.\n\nTwo.');
  });

  test('words keep their places in a text that comes in pieces and has marks put in', () => {
    const pieces = ['One', '.\n\nTw', 'o', '.\n', '\n', 'Three'];
    const text = pieces.join('');
    const words = ['One', 'Two', 'Three'].map((word) => {
      const start = text.indexOf(word);
      return { start, end: start + word.length };
    });
    for (const mark of ['', '  // ', ' * ']) {
      const marked = pieces.map((piece) => withLinePrefix(piece, mark)).join('');
      assert.deepEqual(
        wordsWithLinePrefix(pieces, words, mark).map(({ start, end }) => marked.slice(start, end)),
        ['One', 'Two', 'Three'],
      );
    }
  });
});
