import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { toJsonLine } from '../../../src/cli/terminal';
import { printable, printableText } from '../../../src/shared/printable';

const ESCAPE = String.fromCharCode(0x1b);
const RIGHT_TO_LEFT = String.fromCharCode(0x202e);

/** Every character that a terminal may obey. */
const obeyed = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  ...[0x61c, 0x200e, 0x200f, 0x2028, 0x2029],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));

suite('shared/printable', () => {
  test('no character that a terminal obeys is left in a line', () => {
    for (const character of obeyed) {
      assert.match(printable(`a${character}b`), /^a\\u[0-9a-f]{4}b$/);
    }
  });

  test('a text keeps its tabs and ends of lines, and nothing else that a terminal obeys', () => {
    const kept = '\tone\ntwo\r\nthree, 四, “é” 🙂';
    assert.equal(printableText(kept), kept);
    for (const character of obeyed.filter((one) => one !== '\t' && one !== '\n')) {
      assert.match(printableText(`a${character}b`), /^a\\u[0-9a-f]{4}b$/);
    }
  });

  test('a sequence that comes in pieces is no more obeyed than a whole one', () => {
    const whole = `${ESCAPE}]0;title${String.fromCharCode(7)}${RIGHT_TO_LEFT}`;
    const pieces = Array.from(whole, printableText).join('');
    assert.equal(pieces, printableText(whole));
    assert.equal(pieces, '\\u001b]0;title\\u0007\\u202e');
  });

  test('JSON means the same, and is one line without anything that a terminal obeys', () => {
    const value = { text: obeyed.join('') };
    const line = toJsonLine(value);
    assert.deepEqual(JSON.parse(line), value);
    assert.equal(printable(line.slice(0, -1)), line.slice(0, -1));
  });
});
