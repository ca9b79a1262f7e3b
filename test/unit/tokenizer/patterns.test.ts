import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { Failure } from '../../../src/shared/failure';
import { compilePattern } from '../../../src/tokenizer/patterns';
import { fixtures, readJson } from '../../support/tokenizer/fixtures';

/** What makePatterns.py wrote: where each pattern matches in each text, starts and ends, flat. */
const { texts, cases } = readJson(fixtures, 'expectedPatterns.json') as {
  texts: string[];
  cases: { name: string; pattern: string; matches: number[][] }[];
};

function matchesOf(pattern: string, text: string): number[] {
  return Array.from(text.matchAll(compilePattern({ Regex: pattern }, 'pre_tokenizer')))
    .filter(([match]) => match !== '')
    .flatMap(({ index, 0: match }) => [index, index + match.length]);
}

suite('tokenizer: regular expressions match as in the Python package', () => {
  for (const { name, pattern, matches } of cases) {
    test(name, () => {
      assert.deepEqual(
        texts.map((text) => matchesOf(pattern, text)),
        matches,
      );
    });
  }
});

suite('tokenizer: regular expressions', () => {
  const refused: [pattern: string, says: RegExp][] = [
    ['(', /Unclosed group/],
    ['(a)(?(1)b|c)', /“\(a\)\(\?\(1\)b\|c\)”.*conditional/],
    ['\\X', /\\X/],
    ['(?i)straße', /“ß” without regard to case/],
    [`${'('.repeat(4000)}a${')'.repeat(4000)}`, /nested too deeply/],
  ];
  for (const [pattern, says] of refused) {
    test(`that JavaScript cannot match are refused by name: ${pattern.slice(0, 20)}`, () => {
      assert.throws(
        () => compilePattern({ Regex: pattern }, 'normalizer'),
        (error) =>
          error instanceof Failure &&
          error.kind === 'unsupported' &&
          error.where === 'tokenizer.json' &&
          error.message.length < 600 &&
          says.test(error.message),
      );
    });
  }

  test('a text that is meant as it stands is no expression', () => {
    const signs = '^$\\.*+?()[]{}|/a';
    const pattern = compilePattern({ String: signs }, 'normalizer');
    assert.deepEqual(
      Array.from(`x${signs}${signs}`.matchAll(pattern), ({ index }) => index),
      [1, 1 + signs.length],
    );
  });
});
