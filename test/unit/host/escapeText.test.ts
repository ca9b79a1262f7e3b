import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  asInlineCode,
  escapeForLabel,
  escapeForLanguageStatus,
  escapeForMarkdown,
  escapeForMessage,
} from '../../../src/host/escapeText';

const hostile = [
  '![x](http://127.0.0.1:1/p.png)',
  '[Repair](command:workbench.action.quit)',
  '<img src="http://127.0.0.1:1/p.png">',
  '**bold** _it_ `code` ~~gone~~',
  'https://example.com',
  '$(trash) $(sync~spin)',
  '# heading',
  '\u202egnp.exe',
  'a\nb\r\n\n- c',
];

suite('host/escapeText', () => {
  test('in Markdown nothing is markup, and every character is there', () => {
    for (const text of hostile) {
      const written = escapeForMarkdown(text);
      assert.match(written, /^(?:[\p{L}\p{N} ⟨⟩]|&#\d+;)*$/u);
      const read = written.replaceAll(/&#(\d+);/g, (_, code: string) =>
        String.fromCharCode(Number(code)),
      );
      assert.equal(read, asInlineCode(text).replaceAll(/^`+ ?| ?`+$/g, ''));
    }
  });

  test('inline code ends where it is to end', () => {
    assert.equal(asInlineCode('a`b``c'), '``` a`b``c ```');
    assert.equal(asInlineCode('*a*'), '`*a*`');
    assert.equal(asInlineCode(''), '` `');
  });

  test('in a message nothing is a link', () => {
    for (const text of hostile) {
      assert.doesNotMatch(escapeForMessage(text), /\[[^\]]+\]\([^)]+\)/);
    }
    assert.equal(escapeForMessage('shape [2, 3] (a.onnx)'), 'shape [2, 3] (a.onnx)');
  });

  test('in a label nothing is a picture, in the language status no link either', () => {
    assert.equal(escapeForLabel('$(trash) [a](command:b)'), '\\$(trash) [a](command:b)');
    assert.equal(escapeForLanguageStatus('$(trash) [a](command:b)'), '\\$(trash) [a] (command:b)');
  });

  test('no line ends, no control character, nothing that turns the direction around', () => {
    for (const write of [
      asInlineCode,
      escapeForLabel,
      escapeForLanguageStatus,
      escapeForMarkdown,
      escapeForMessage,
    ]) {
      for (const text of [...hostile, '\u001b[2J', '\u2066a\u2069']) {
        assert.doesNotMatch(write(text), /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      }
    }
  });
});
