import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { columnSetting, stackedStretches } from '../../../../webview/chart/columnSetting';

suite('webview: labels above columns', () => {
  for (const [label, setting] of [
    ['a', 'flat'],
    ['注', 'flat'],
    ['𝄞', 'flat'],
    ['注意力', 'stacked'],
    ['服 1/3', 'stacked'],
    ['😀 2/4', 'stacked'],
    ['é 1/2', 'stacked'],
    ['😀 4/4 é 1/2', 'stacked'],
    ['naï 1/2', 'turned'],
    ['1/2', 'turned'],
    ['<0xE6>', 'turned'],
    ['ことば', 'stacked'],
    ['언어', 'stacked'],
    ['·world', 'turned'],
    ['<s>', 'turned'],
  ] as const) {
    test(`${label} stands ${setting} above its column`, () => {
      assert.equal(columnSetting(label), setting);
    });
  }

  test('a fraction is a stretch of its own', () => {
    assert.deepEqual(stackedStretches('。器 3/3 务 1/3'), [
      { text: '。器', isPart: false },
      { text: '3/3', isPart: true },
      { text: '务', isPart: false },
      { text: '1/3', isPart: true },
    ]);
  });
});
