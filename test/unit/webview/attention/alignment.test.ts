import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { rowsOfTokens } from '../../../../src/shared/resultRows';
import { cellsOf, strongest, weightsOf } from '../../../../webview/attention/alignment';

/** Two tokens of a result over three of a source; every number is exact in 32 bits. */
const values = Float32Array.from([0.5, 0.25, 0.25, 0, 0.125, 0.875]);
const map = rowsOfTokens({ queries: 2, keys: 3, values }, 'own');
/** The same of a head whose rows are about the token that comes next. */
const ahead = rowsOfTokens({ queries: 2, keys: 3, values }, 'next');

suite('webview: alignment of result and source', () => {
  test('a token of the result weighs the source by its row', () => {
    assert.deepEqual(weightsOf(map, { side: 'query', index: 0 }), [0.5, 0.25, 0.25]);
    assert.deepEqual(weightsOf(map, { side: 'query', index: 1 }), [0, 0.125, 0.875]);
  });

  test('a token of the source weighs the result by its column', () => {
    assert.deepEqual(weightsOf(map, { side: 'key', index: 0 }), [0.5, 0]);
    assert.deepEqual(weightsOf(map, { side: 'key', index: 2 }), [0.25, 0.875]);
  });

  test('rows about the next token are shown for that one, and the first token has none', () => {
    assert.deepEqual(weightsOf(ahead, { side: 'query', index: 1 }), [0.5, 0.25, 0.25]);
    assert.deepEqual(weightsOf(ahead, { side: 'query', index: 0 }), []);
    assert.deepEqual(weightsOf(ahead, { side: 'key', index: 0 }), [0, 0.5]);
    assert.deepEqual(cellsOf(ahead, { side: 'query', index: 1 }), { row: 0 });
    assert.deepEqual(cellsOf(ahead, { side: 'query', index: 0 }), {});
    assert.deepEqual(cellsOf(ahead, { side: 'key', index: 2 }), { column: 2 });
  });

  test('the strongest weights come first, ties in the order of the text', () => {
    assert.deepEqual(strongest([0.1, 0.3, 0.3, 0.2], 3), [
      { index: 1, weight: 0.3 },
      { index: 2, weight: 0.3 },
      { index: 3, weight: 0.2 },
    ]);
  });

  test('what is less than a tenth of the largest is not named', () => {
    assert.deepEqual(strongest([0.8, 0.07, 0.09], 3), [
      { index: 0, weight: 0.8 },
      { index: 2, weight: 0.09 },
    ]);
    assert.deepEqual(strongest([0, 0], 3), []);
  });
});
