import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { findBlank, type Blank, type DocumentLines } from '../../../../src/host/commands/blank';

/** `‹` and `›` mark a selection, `|` the cursor, `{…}` the word at the cursor. */
function find(...marked: string[]): Blank | undefined {
  const place = (sign: RegExp) => {
    const line = marked.findIndex((text) => sign.test(text));
    assert.ok(line >= 0, `there is ${sign.source}`);
    return { line, character: marked[line]?.replace(otherThan(sign), '').search(sign) ?? -1 };
  };
  const selection = marked.some((text) => text.includes('|'))
    ? { start: place(/\|/), end: place(/\|/) }
    : { start: place(/‹/), end: place(/›/) };
  const hasWord = marked.some((text) => text.includes('{'));
  const word = hasWord ? { start: place(/\{/).character, end: place(/\}/).character } : undefined;
  const lines = marked.map((text) => text.replace(/[‹›|{}]/g, ''));
  return findBlank(linesOf(lines), selection, word);
}

/** All marks but one. */
function otherThan(sign: RegExp): RegExp {
  return new RegExp(`(?!${sign.source})[‹›|{}]`, 'g');
}

function linesOf(lines: readonly string[]): DocumentLines {
  return { count: lines.length, at: (line) => lines[line] ?? assert.fail(`no line ${line}`) };
}

/** The characters of a blank, found by way of its columns and by way of its context. */
function filled(found: Blank | undefined, ...lines: string[]): string | undefined {
  if (!found) {
    return undefined;
  }
  const { line, columns, context, inContext } = found;
  const there = lines[line]?.slice(columns.start, columns.end);
  assert.equal(context.slice(inContext.start, inContext.end), there);
  return there;
}

suite('host/commands/blank', () => {
  const masked = 'The [MASK] is [MASK].';

  for (const [what, marked, start] of [
    ['selected', 'The ‹[MASK]› is [MASK].', 4],
    ['in the selection', '‹The [MASK] is› [MASK].', 4],
    ['around the selection', 'The [MASK] is [‹MASK›].', 14],
    ['under the cursor', 'The [MASK] is [MA|SK].', 14],
    ['at the cursor', 'The [MASK]| is [MASK].', 4],
    ['nearest to the cursor, before it', 'The [MASK] |is [MASK].', 4],
    ['nearest to the cursor, behind it', 'The [MASK] is| [MASK].', 14],
    ['in the line of a cursor in a word', 'The [MASK] is [MASK]|.', 14],
  ] as const) {
    test(`is a [MASK] ${what}`, () => {
      const found = find(marked);
      assert.equal(filled(found, masked), '[MASK]');
      assert.equal(found?.columns.start, start);
    });
  }

  test('a [MASK] in the line goes before the word at the cursor', () => {
    assert.equal(filled(find('{Th|e} [mask] is.'), 'The [mask] is.'), '[mask]');
  });

  test('is the selected word, without the blanks around it', () => {
    const line = 'The file is empty.';
    assert.equal(filled(find('The‹ file ›is empty.'), line), 'file');
    assert.equal(filled(find('The fi‹l›e is empty.'), line), 'l');
  });

  test('a selected word goes before a [MASK] elsewhere in the line', () => {
    assert.equal(filled(find('The ‹file› is quite [MASK].'), 'The file is quite [MASK].'), 'file');
  });

  test('is the word at the cursor', () => {
    assert.equal(filled(find('The {fi|le} is empty.'), 'The file is empty.'), 'file');
  });

  test('is not there without a word or with several', () => {
    assert.equal(find('The file | is empty.'), undefined);
    assert.equal(find('The ‹file is› empty.'), undefined);
    assert.equal(find('The‹ ›file'), undefined);
    assert.equal(find('The ‹file', 'is› empty.'), undefined);
    assert.equal(find('|'), undefined);
  });

  test('is the first [MASK] of several selected lines', () => {
    const found = find('‹one', 'two [MASK]', 'three [MASK]›');
    assert.equal(filled(found, 'one', 'two [MASK]', 'three [MASK]'), '[MASK]');
    assert.equal(found?.line, 1);
  });

  test('comes with its paragraph, lines joined by line feeds', () => {
    const found = find('Before.', '', 'A folder', 'holds {fi|les}.', '', 'After.');
    assert.equal(found?.context, 'A folder\nholds files.');
    assert.deepEqual(found.inContext, { start: 15, end: 20 });
  });

  test('comes with a part of a paragraph that is too long', () => {
    const long = 'word '.repeat(10_000);
    const found = find(`${long}{gre|en} ${long}`);
    assert.equal(filled(found, `${long}green ${long}`), 'green');
    assert.ok(found && found.context.length < 10_000, String(found?.context.length));
    assert.ok(found.inContext.start > 1000 && found.context.length - found.inContext.end > 1000);
  });
});
