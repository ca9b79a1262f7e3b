import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { columnSetting } from '../../../webview/ui/columnSetting';

suite('webview: labels above columns', () => {
  for (const [label, setting] of [
    ['a', 'flat'],
    ['注', 'flat'],
    ['𝄞', 'flat'],
    ['注意力', 'stacked'],
    ['服 1/3', 'stacked'],
    ['ことば', 'stacked'],
    ['언어', 'stacked'],
    ['·world', 'turned'],
    ['<s>', 'turned'],
  ] as const) {
    test(`${label} stands ${setting} above its column`, () => {
      assert.equal(columnSetting(label), setting);
    });
  }
});
