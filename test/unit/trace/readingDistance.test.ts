import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cosineDistance, movedAttention } from '../../../src/trace/readingDistance';

suite('trace/readingDistance', () => {
  test('attention that moves is counted once, on average over the queries', () => {
    const shape = { heads: 2, queries: 2, keys: 2 };
    const one = { ...shape, values: Float32Array.from([1, 0, 0.5, 0.5, 1, 0, 0, 1]) };
    const other = { ...shape, values: Float32Array.from([0, 1, 0.5, 0.5, 1, 0, 0, 1]) };
    assert.deepEqual(movedAttention(one, other), [0.5, 0]);
  });

  test('vectors that point elsewhere', () => {
    const of = (...values: number[]): Float32Array => Float32Array.from(values);
    assert.equal(cosineDistance(of(1, 0), of(0, 5)), 1);
    assert.ok(Math.abs(cosineDistance(of(1, 2), of(-2, -4)) - 2) < 1e-12);
    assert.ok(cosineDistance(of(1, 2), of(2, 4)) < 1e-12);
    assert.equal(cosineDistance(of(0, 0), of(0, 0)), 0);
    assert.equal(cosineDistance(of(0, 0), of(1, 0)), 1);
  });
});
