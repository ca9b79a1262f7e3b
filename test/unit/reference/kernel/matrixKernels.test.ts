import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { MatrixKernel } from '../../../../src/reference/kernel/matrixKernel';
import { plainKernel } from '../../../../src/reference/kernel/plainKernel';
import { wasmKernel } from '../../../../src/reference/kernel/wasmKernel';

/** [m, k, n] */
type Shape = readonly [m: number, k: number, n: number];

const SHAPES: readonly Shape[] = [
  // Single rows, columns and steps.
  [1, 1, 1],
  [1, 1, 9],
  [9, 1, 1],
  [1, 768, 5],
  [5, 3, 1],
  // Around the eight rows and four columns that are made at a time.
  [7, 5, 3],
  [8, 4, 4],
  [9, 6, 5],
  [13, 17, 11],
  [64, 64, 64],
  // Rows of b that lie whole cache lines apart, and more of them than a block has.
  [3, 512, 6],
  [10, 1024, 70],
  [2, 2048, 37],
  // More rows and more columns than a block has.
  [530, 3, 9],
  [3, 2, 1030],
  [9, 300, 260],
  [519, 1, 515],
  // Blocks of a that have fewer rows than others, because they are long.
  [41, 30_000, 5],
  // Longer than what the module takes.
  [2, 65_536, 3],
  [2, 65_537, 3],
  // Nothing.
  [0, 3, 4],
  [3, 0, 4],
  [3, 4, 0],
  [0, 0, 0],
];

suite('matrix kernels', () => {
  for (const [m, k, n] of SHAPES) {
    test(`[${m}, ${k}] · [${n}, ${k}]ᵀ is the same sum bit for bit in all kernels`, async () => {
      const { a, b } = matrices([m, k, n]);
      const expected = inOrder(a, b, [m, k, n]);
      for (const kernel of await kernels()) {
        assert.deepEqual(kernel.product(a, b, m, k, n), expected);
      }
    });
  }

  test('products follow one another without a trace of the one before', async () => {
    const shapes: readonly Shape[] = [
      [20, 40, 30],
      [3, 7, 5],
      [20, 40, 30],
    ];
    for (const kernel of await kernels()) {
      for (const shape of shapes) {
        const { a, b } = matrices(shape);
        assert.deepEqual(kernel.product(a, b, ...shape), inOrder(a, b, shape));
      }
    }
  });

  test('a product leaves its matrices as they are and gives its own memory away', async () => {
    const shape = [5, 6, 7] as const;
    for (const kernel of await kernels()) {
      const { a, b } = matrices(shape);
      const product = kernel.product(a, b, ...shape);
      const before = product.slice();
      kernel.product(b, a, 7, 6, 5);
      assert.deepEqual(product, before);
      assert.deepEqual({ a, b }, matrices(shape));
    }
  });

  test('sums of a long row are close to those in float64', async () => {
    const shape = [4, 3072, 6] as const;
    const [m, k, n] = shape;
    const { a, b } = matrices(shape);
    const exact = sums(a, b, shape, (sum, x, y) => sum + x * y);
    for (const kernel of await kernels()) {
      const product = kernel.product(a, b, m, k, n);
      const largest = Math.max(...exact.map((value, i) => Math.abs(value - (product[i] ?? NaN))));
      // Sums are around √k, and k roundings to 24 digits add up as the steps of a random walk do.
      assert.ok(largest < Math.sqrt(k) * Math.sqrt(k) * 2 ** -24, `${largest}`);
      assert.ok(largest > 0);
    }
  });

  test('infinities and values that are no number pass through, each in its row and column', async () => {
    const [m, k, n] = [9, 5, 6];
    const { a, b } = matrices([m, k, n]);
    a[2 * k + 1] = Infinity;
    a[4 * k + 3] = NaN;
    b[5 * k] = -Infinity;
    b[3 * k + 1] = 0;
    const expected = inOrder(a, b, [m, k, n]);
    assert.ok(Number.isNaN(expected[2 * n + 3]), 'infinity times zero is no number');
    assert.equal(Math.abs(expected[2 * n] ?? 0), Infinity);
    assert.equal(expected.filter(Number.isNaN).length, n + 1 + 1);
    for (const kernel of await kernels()) {
      assert.deepEqual(kernel.product(a, b, m, k, n), expected);
    }
  });

  test('numbers too small for float32 vanish as they do in float32', async () => {
    const tiny = 2 ** -149;
    const a = Float32Array.of(tiny, 2 ** -75, -(2 ** -80), 2 ** -74);
    const b = Float32Array.of(0.5, 2 ** -75, 2 ** -80, 2 ** -75);
    for (const kernel of await kernels()) {
      assert.deepEqual(kernel.product(a, b, 1, 4, 1), Float32Array.of(tiny));
    }
  });

  test('matrices of another size than told are refused', async () => {
    for (const kernel of await kernels()) {
      const product = (aLength: number, bLength: number) => () =>
        kernel.product(new Float32Array(aLength), new Float32Array(bLength), 2, 3, 4);
      assert.doesNotThrow(product(6, 12));
      assert.throws(product(5, 12), /^RangeError: \[2, 3\] and \[4, 3\] do not fit 5 and 12/);
      assert.throws(product(6, 13), RangeError);
    }
  });

  test('the kernel with vectors is a kernel of its own, and gives way where there are none', async () => {
    assert.notEqual(await wasmKernel(), plainKernel);
    const { validate } = WebAssembly;
    WebAssembly.validate = () => false;
    try {
      assert.equal(await wasmKernel(), plainKernel);
    } finally {
      WebAssembly.validate = validate;
    }
  });
});

async function kernels(): Promise<MatrixKernel[]> {
  return [plainKernel, await wasmKernel()];
}

/** Matrices of a shape with values between -1 and 1, always the same. */
function matrices([m, k, n]: Shape): { a: Float32Array; b: Float32Array } {
  let seed = 1;
  const next = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 31 - 1;
  };
  return { a: new Float32Array(m * k).map(next), b: new Float32Array(n * k).map(next) };
}

/** One element after the other, each a float32 sum in the order of k. */
function inOrder(a: Float32Array, b: Float32Array, shape: Shape): Float32Array {
  const { fround } = Math;
  return Float32Array.from(sums(a, b, shape, (sum, x, y) => fround(sum + fround(x * y))));
}

/** Every element as the sum of its products, in the order of k. */
function sums(
  a: Float32Array,
  b: Float32Array,
  [m, k, n]: Shape,
  add: (sum: number, x: number, y: number) => number,
): number[] {
  return Array.from({ length: m * n }, (_, index) => {
    const x = Math.floor(index / n) * k;
    const y = (index % n) * k;
    let sum = 0;
    for (let p = 0; p < k; p++) {
      sum = add(sum, a[x + p] ?? NaN, b[y + p] ?? NaN);
    }
    return sum;
  });
}
