import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { columnSetting, runningLabel, tokenLabel } from '../../../webview/ui/tokenLabel';

suite('webview: token labels', () => {
  for (const [text, piece, label] of [
    ['world', 'world', 'world'],
    [' world', 'Ġworld', '·world'],
    ['  if', 'ĠĠif', '··if'],
    [' ', 'Ġ', '␣'],
    ['   ', 'ĠĠĠ', '␣␣␣'],
    ['\n', 'Ċ', '⏎'],
    ['.\n', '.Ċ', '.⏎'],
    ['\r\n\t', 'čĊĉ', '␍⏎⇥'],
    ['\u3000', '\u3000', '␣'],
    ['注意', '注意', '注意'],
    ['<s>', '<s>', '<s>'],
    ['', '<0xE6>', '<0xE6>'],
  ] as const) {
    test(`${JSON.stringify(text)} is written ${label}`, () => {
      assert.equal(tokenLabel({ text, piece }), label);
    });
  }

  for (const [text, spaced, label] of [
    ['world', false, 'world'],
    [' world', true, 'world'],
    ['  if', false, '··if'],
    [' ', false, '␣'],
    ['连接', false, '连接'],
    ['', false, '<0xE6>'],
  ] as const) {
    test(`${JSON.stringify(text)} runs ${spaced ? 'after a space ' : ''}as ${label}`, () => {
      assert.deepEqual(runningLabel({ text, piece: '<0xE6>' }), { spaced, label });
    });
  }

  for (const [label, setting] of [
    ['a', 'flat'],
    ['注', 'flat'],
    ['𝄞', 'flat'],
    ['注意力', 'stacked'],
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
