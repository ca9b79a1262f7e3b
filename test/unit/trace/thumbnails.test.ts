import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { thumbnails } from '../../../src/trace/thumbnails';

suite('trace/thumbnails', () => {
  test('keep the size of small maps and scale each head by its maximum', () => {
    const pattern = Float32Array.of(1, 0, 0.5, 0.5, 0.25, 0, 0.125, 0.125);
    assert.deepEqual(thumbnails(pattern, 2, 2, 2, 8), {
      rows: 2,
      columns: 2,
      values: Uint8Array.of(255, 0, 128, 128, 255, 0, 128, 128),
      maximum: [1, 0.25],
    });
  });

  test('keep the largest value of each part', () => {
    const queries = 7;
    const keys = 5;
    const heads = 2;
    // Head h peaks at query q for key (q + h) mod keys.
    const pattern = new Float32Array(heads * queries * keys).fill(0.1);
    for (let head = 0; head < heads; head++) {
      for (let query = 0; query < queries; query++) {
        pattern[(head * queries + query) * keys + ((query + head) % keys)] = 0.5;
      }
    }
    const { rows, columns, values, maximum } = thumbnails(pattern, heads, queries, keys, 3);
    assert.deepEqual([rows, columns, maximum], [3, 3, [0.5, 0.5]]);
    // Parts of the queries: 0–2, 3–5, 6; of the keys: 0–1, 2–3, 4.
    assert.deepEqual(
      [...values].map((value) => (value === 255 ? 1 : value === 51 ? 0 : NaN)),
      [1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0],
    );
  });

  test('give each side its own number of cells', () => {
    const { rows, columns, values } = thumbnails(new Float32Array(20).fill(0.05), 1, 2, 10, 4);
    assert.deepEqual([rows, columns, values], [2, 4, new Uint8Array(8).fill(255)]);
  });

  test('are black where everything is masked', () => {
    assert.deepEqual(thumbnails(new Float32Array(4), 1, 2, 2, 2), {
      rows: 2,
      columns: 2,
      values: new Uint8Array(4),
      maximum: [0],
    });
  });
});
