import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { asFloat32, int64Row, toFloat16, zeros } from '../../../../src/engine/runtime/tensor';

/** Bit patterns of IEEE 754-2019, binary16, and what they stand for. */
const halves: [bits: number, value: number][] = [
  [0x0000, 0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x7bff, 65504],
  [0x0001, 2 ** -24],
  [0x03ff, 2 ** -14 - 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3555, 0.333251953125],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
];

suite('engine/runtime/tensor', () => {
  test('half precision is widened exactly', () => {
    const data = Uint16Array.from(halves, ([bits]) => bits);
    const wide = asFloat32({ type: 'float16', data, dims: [data.length] });
    assert.deepEqual(
      Array.from(wide),
      halves.map(([, value]) => value),
    );
    assert.ok(
      Object.is(asFloat32({ type: 'float16', data: Uint16Array.of(0x8000), dims: [1] })[0], -0),
    );
    assert.ok(
      Number.isNaN(asFloat32({ type: 'float16', data: Uint16Array.of(0x7e00), dims: [1] })[0]),
    );
  });

  test('numbers are rounded to half precision, halves to even', () => {
    for (const [bits, value] of halves) {
      assert.equal(toFloat16(value), bits, String(value));
    }
    assert.equal(toFloat16(-0), 0x8000);
    assert.equal(toFloat16(NaN), 0x7e00);
    assert.equal(toFloat16(1 + 2 ** -11), 0x3c00, 'between two, the even one below');
    assert.equal(toFloat16(1 + 3 * 2 ** -11), 0x3c02, 'between two, the even one above');
    assert.equal(toFloat16(65519), 0x7bff);
    assert.equal(toFloat16(65520), 0x7c00, 'rounded to infinity');
    assert.equal(toFloat16(2 - 2 ** -12), 0x4000, 'a carry into the exponent');
  });

  test('single precision is handed on without a copy', () => {
    const data = Float32Array.of(1, 2);
    assert.equal(asFloat32({ type: 'float32', data, dims: [2] }), data);
  });

  test('whole numbers are no probabilities', () => {
    assert.throws(() => asFloat32(int64Row([1])), TypeError);
  });

  test('a row of ids and an empty cache have their shapes', () => {
    assert.deepEqual(int64Row([5, 7]), {
      type: 'int64',
      data: BigInt64Array.of(5n, 7n),
      dims: [1, 2],
    });
    const dims = [1, 2, 0, 4];
    assert.deepEqual(zeros('float16', dims), {
      type: 'float16',
      data: new Uint16Array(0),
      dims,
    });
  });
});
