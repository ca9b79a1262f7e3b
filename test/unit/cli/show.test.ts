import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { formatUnsureWords } from '../../../src/cli/show';

suite('cli/show: words that a model was unsure of', () => {
  const shown = (probability: number): string =>
    formatUnsureWords('a word', [{ start: 2, end: 6, probability }]);

  test('the least probable first, in percents of two digits', () => {
    const words = [
      { start: 0, end: 1, probability: 0.1234 },
      { start: 2, end: 6, probability: 0.02 },
    ];
    assert.equal(formatUnsureWords('a word', words), '“word” (2%), “a” (12%)');
  });

  test('below a hundredth of a percent no digits', () => {
    assert.equal(shown(0.0001), '“word” (0.01%)');
    assert.equal(shown(0.000099), '“word” (<0.01%)');
    assert.equal(shown(1.6e-8), '“word” (<0.01%)');
  });
});
