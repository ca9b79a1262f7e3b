import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { attentionExample } from '../../../src/reference/workedExamples/attentionExample';
import { positionsExample } from '../../../src/reference/workedExamples/positionsExample';
import { fixture, json } from '../../support/reference/families';

/** What numpy computes; see test/fixtures/reference/make.py. */
const expected = json(fixture('workedExamples.json')) as {
  tokens: string[];
} & Record<'vector' | 'scores' | 'scaled' | 'pattern' | 'output' | 'encoding' | 'sum', number[][]>;

suite('reference Transformer, its worked examples', () => {
  test('attention over “The cat sat on the mat”, row by row, is what numpy computes', () => {
    const { tokens, divisor, rows } = attentionExample();
    assert.deepEqual(tokens, expected.tokens);
    assert.equal(divisor, 2);
    rows.forEach((row, i) => {
      assert.equal(row.token, expected.tokens[i]);
      for (const step of ['vector', 'scores', 'scaled', 'pattern', 'output'] as const) {
        close(row[step], expected[step][i], `${row.token}: ${step}`);
      }
      assert.ok(Math.abs(row.pattern.reduce((a, b) => a + b) - 1) < 1e-6);
    });
    assert.equal(rows.length, 6);
  });

  test('“The” and “the” come out alike, until positions tell them apart', () => {
    const { rows } = attentionExample();
    assert.deepEqual(rows[0]?.output, rows[4]?.output);
    const positions = positionsExample();
    const data = Float32Array.from(positions.flatMap((row) => row.sum));
    const told = attentionExample({ dims: [6, 4], data }).rows;
    assert.notDeepEqual(told[0]?.output, told[4]?.output);
  });

  test('positions added to the embeddings are what numpy computes', () => {
    const rows = positionsExample();
    assert.equal(rows.length, 6);
    rows.forEach((row, i) => {
      assert.deepEqual([row.token, row.position], [expected.tokens[i], i]);
      close(row.embedding, expected.vector[i], row.token);
      close(row.encoding, expected.encoding[i], row.token);
      close(row.sum, expected.sum[i], row.token);
    });
  });
});

function close(actual: number[], wanted: number[] | undefined, what: string): void {
  assert.equal(actual.length, wanted?.length, what);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - (wanted?.[i] ?? NaN)) < 1e-6, `${what}: ${String(actual)}`);
  });
}
