import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { meanOfHeads } from '../../../src/trace/meanOfHeads';
import { rowAlignment } from '../../../src/trace/rowAlignment';

/** One row for each query: all attention on one key. */
function peaks(keys: number, ...places: number[]): Float32Array {
  const map = new Float32Array(places.length * keys);
  places.forEach((key, query) => (map[query * keys + key] = 1));
  return map;
}

suite('trace/rowAlignment', () => {
  // The last layer looks for the token that comes next: 2, 0, 3, 1 and the end.
  const mean = peaks(5, 2, 0, 3, 1, 4);

  test('a head that looks where the last layer does is about the next token', () => {
    assert.equal(rowAlignment(peaks(5, 2, 0, 3, 1, 4), mean, 5, 5), 'next');
  });

  test('a head that looks there a step later is about its own token', () => {
    assert.equal(rowAlignment(peaks(5, 4, 2, 0, 3, 1), mean, 5, 5), 'own');
  });

  test('what is no nearer to either counts as the last layer does', () => {
    const even = new Float32Array(25).fill(0.2);
    assert.equal(rowAlignment(even, mean, 5, 5), 'next');
  });

  test('the only row there is, is about its own token', () => {
    assert.equal(rowAlignment(peaks(5, 2), peaks(5, 2), 1, 5), 'own');
  });

  test('the mean of a layer is over its heads', () => {
    const layer = Float32Array.of(1, 0, 0, 1, 0, 1, 0, 1);
    assert.deepEqual(meanOfHeads(layer, 2), Float32Array.of(0.5, 0.5, 0, 1));
  });
});
