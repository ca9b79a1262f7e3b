import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { divergence, logProbabilities } from '../../../src/trace/divergence';

suite('trace/divergence', () => {
  test('of two distributions, by hand', () => {
    const p = logProbabilities(Float32Array.from([0, Math.log(3)]));
    const q = logProbabilities(Float32Array.from([0, 0]));
    const wanted = 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5);
    assert.ok(Math.abs(divergence(p, q) - wanted) < 1e-6);
    assert.equal(divergence(p, p), 0);
  });

  test('a token without any probability adds nothing, whatever the other one gives it', () => {
    const p = logProbabilities(Float32Array.from([1, -Infinity]));
    const q = logProbabilities(Float32Array.from([1, 1]));
    assert.ok(Math.abs(divergence(p, q) - Math.log(2)) < 1e-6);
    assert.equal(divergence(p, p), 0);
  });
});
