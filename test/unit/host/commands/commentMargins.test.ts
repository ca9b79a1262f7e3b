import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { withinComment } from '../../../../src/host/commands/commentMargins';

/** The words of a text, and what becomes of the text when others take their place. */
function replaced(text: string): [words: string, after: string] {
  const { start, end } = withinComment(text);
  return [text.slice(start, end), `${text.slice(0, start)}…${text.slice(end)}`];
}

suite('host/commands/commentMargins', () => {
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
});
