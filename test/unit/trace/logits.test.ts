import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { logSumExp, topK, rank } from '../../../src/trace/logits';
import { json } from '../../support/onnx/fixtures';
import type { Expected } from '../../support/onnx/fixtures';

suite('trace/logits', () => {
  for (const name of ['llama.json', 'gpt2.json', 'stories260K.json']) {
    test(`rates tokens as torch does on ${name}`, () => {
      const { ids, logits, ratings } = json(name) as Expected;
      const vocabulary = logits.length / ids.length;
      assert.equal(ratings.length, ids.length - 1);
      ratings.forEach(({ logprob, rank: place, best }, position) => {
        const id = ids[position + 1] ?? NaN;
        const start = position * vocabulary;
        const row = Float32Array.from(logits.slice(start, start + vocabulary));
        assert.ok(Math.abs((row[id] ?? NaN) - logSumExp(row) - logprob) < 1e-5);
        assert.equal(rank(row, id), place);
        assert.deepEqual(topK(row, 5), best);
      });
    });
  }

  test('sums exponentials without overflow or loss', () => {
    assert.equal(logSumExp(Float32Array.of(1000, 1000)), 1000 + Math.LN2);
    assert.equal(logSumExp(Float32Array.of(-1000, -1000)), -1000 + Math.LN2);
    assert.equal(logSumExp(Float32Array.of(3, -Infinity)), 3);
    assert.equal(logSumExp(Float32Array.of(-Infinity)), -Infinity);
    assert.equal(logSumExp(Float32Array.of(Infinity, 0)), Infinity);
    const many = new Float32Array(2 ** 24).fill(0);
    assert.ok(Math.abs(logSumExp(many) - 24 * Math.LN2) < 1e-12);
  });

  test('gives equals the same rank, and the smaller id first', () => {
    const logits = Float32Array.of(1, 3, 2, 3, 2, 0);
    assert.deepEqual(
      Array.from(logits, (_, id) => rank(logits, id)),
      [5, 1, 3, 1, 3, 6],
    );
    assert.deepEqual(topK(logits, 4), [1, 3, 2, 4]);
    assert.deepEqual(topK(logits, 9), [1, 3, 2, 4, 0, 5]);
    assert.deepEqual(topK(logits, 0), []);
  });
});
