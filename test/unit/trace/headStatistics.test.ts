import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadStatistics } from '../../../src/shared/attention';
import { headStatistics } from '../../../src/trace/headStatistics';
import { json } from '../../support/onnx/fixtures';
import type { Expected } from '../../support/onnx/fixtures';

suite('trace/headStatistics', () => {
  for (const name of ['llama.json', 'gpt2.json', 'stories260K.json']) {
    test(`equals the figures of torch on ${name}`, () => {
      const { ids, heads, attentions, statistics } = json(name) as Expected;
      const size = ids.length * ids.length;
      attentions.forEach((layer, index) => {
        for (let head = 0; head < heads; head++) {
          const map = Float32Array.from(layer.slice(head * size, (head + 1) * size));
          close(headStatistics(map, ids.length, ids.length), statistics[index]?.[head]);
        }
      });
    });
  }

  test('of attention to all keys alike', () => {
    const map = new Float32Array(16).fill(0.25);
    close(headStatistics(map, 4, 4), {
      entropy: Math.log(4),
      maximum: 0.25,
      distance: (6 + 4 + 4 + 6) / 16,
      onFirst: 0.25,
      onSelf: 0.25,
      onPrevious: 0.25,
      information: 0,
    });
  });

  test('of attention to the previous token', () => {
    const map = Float32Array.of(1, 0, 0, 1, 0, 0, 0, 1, 0);
    close(headStatistics(map, 3, 3), {
      entropy: 0,
      maximum: 1,
      distance: 2 / 3,
      onFirst: 2 / 3,
      onSelf: 1 / 3,
      onPrevious: 1,
      information: Math.log(3) - (2 / 3) * Math.LN2,
    });
  });

  test('of more queries than keys', () => {
    const map = Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0);
    close(headStatistics(map, 4, 2), {
      entropy: 0,
      maximum: 1,
      distance: (0 + 0 + 1 + 3) / 4,
      onFirst: 2 / 4,
      onSelf: 2 / 2,
      onPrevious: (0 + 1) / 2,
      information: Math.LN2,
    });
  });

  test('of a single token', () => {
    close(headStatistics(Float32Array.of(1), 1, 1), {
      entropy: 0,
      maximum: 1,
      distance: 0,
      onFirst: 1,
      onSelf: 1,
      onPrevious: 0,
      information: 0,
    });
  });

  test('of rows that are masked altogether', () => {
    const map = Float32Array.of(0, 0, 0.5, 0.5);
    close(headStatistics(map, 2, 2), {
      entropy: Math.LN2 / 2,
      maximum: 0.25,
      distance: 0.25,
      onFirst: 0.25,
      onSelf: 0.25,
      onPrevious: 0.5,
      information: 0,
    });
  });

  for (const [what, rows, information] of [
    ['that look at the same key', [0, 1, 0, 0, 1, 0, 0, 1, 0], 0],
    ['that attend alike', [0.5, 0.3, 0.2, 0.5, 0.3, 0.2, 0.5, 0.3, 0.2], 0],
    ['with a key each', [0, 0, 1, 1, 0, 0, 0, 1, 0], Math.log(3)],
    ['that are masked but for two with a key each', [0, 0, 0, 1, 0, 0, 0, 0, 1], Math.LN2],
    // H(2/5, 2/5, 1/5) of the mean row, less H(4/5, 1/5) of each row.
    ['between the two', [0.8, 0, 0.2, 0, 0.8, 0.2], 0.8 * Math.LN2],
  ] as const) {
    test(`information of queries ${what}`, () => {
      const map = Float32Array.from(rows);
      assert.ok(Math.abs(headStatistics(map, map.length / 3, 3).information - information) < 1e-6);
    });
  }

  test('are never negative by rounding', () => {
    assert.equal(headStatistics(Float32Array.of(1.0000001), 1, 1).entropy, 0);
    const alike = Float32Array.from({ length: 300 }, (_, cell) => [0.1, 0.7, 0.2][cell % 3] ?? 0);
    assert.ok(headStatistics(alike, 100, 3).information >= 0);
  });

  test('sum up in double precision', () => {
    // In single precision, 0.1 added 2^22 times comes out ten percent too large.
    const queries = 2 ** 22;
    const { maximum } = headStatistics(new Float32Array(queries).fill(0.1), queries, 1);
    assert.ok(Math.abs(maximum - Math.fround(0.1)) < 1e-9);
  });
});

function close(actual: HeadStatistics, expected: HeadStatistics | undefined): void {
  assert.ok(expected);
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const key of Object.keys(expected) as (keyof HeadStatistics)[]) {
    assert.ok(Math.abs(actual[key] - expected[key]) < 1e-6, `${key}: ${actual[key]}`);
  }
}
