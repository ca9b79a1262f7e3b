import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { completionPrompt } from '../../../../src/host/commands/completionPrompt';

suite('host/commands/completionPrompt', () => {
  for (const [before, text, linePrefix, prompt] of [
    ['', '// The file', '// ', 'The file'],
    ['  // ', 'The file', '  // ', 'The file'],
    ['', '# One\n#  two', '#  ', 'One\ntwo'],
    ['', '-- The table', '-- ', 'The table'],
    ['', '  /** Opens the', '   * ', 'Opens the'],
    ['', '/**\n * Opens the\n * file', ' * ', '\nOpens the\nfile'],
    ['', '<!-- The page', '  ', 'The page'],
    ['    ', '"""Return the', '    ', 'Return the'],
    ['', 'let a = 1; // the number', '// ', 'the number'],
    ['', 'x = 1\n# The next', '# ', 'The next'],
  ] as const) {
    test(`in a comment: ${JSON.stringify(before + text)}`, () => {
      assert.deepEqual(completionPrompt(text, before, false), {
        stopAt: 'sentence',
        linePrefix,
        prompt,
      });
    });
  }

  for (const text of [
    'def f(x):',
    '#include <a.h>',
    'url = "https://a.b // c',
    'a % b',
    'i-- - 1',
    '/* done */ f();',
    '"""done"""',
    'x // 2\ny = 3',
  ]) {
    test(`code: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(completionPrompt(text, '', false), {
        stopAt: 'block',
        linePrefix: '',
        prompt: text,
      });
    });
  }

  test('in running text signs of comments are others', () => {
    const text = '# A heading\n\n* an item';
    assert.deepEqual(completionPrompt(text, '', true), {
      stopAt: 'sentence',
      linePrefix: '',
      prompt: text,
    });
  });
});
