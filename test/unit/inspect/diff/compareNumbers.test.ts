import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { compareNumbers } from '../../../../src/inspect/diff/compareNumbers';
import type { TensorNumbers } from '../../../../src/inspect/tensors/tensorNumbers';
import type { Work } from '../../../../src/inspect/tensors/work';
import type { TensorFigures } from '../../../../src/shared/modelDiff';

const quiet: Work = {
  signal: new AbortController().signal,
  report: () => undefined,
  pause: () => Promise.resolve(),
};

function numbers(values: readonly number[], dims: number[]): TensorNumbers {
  const all = Float64Array.from(values);
  return {
    dims,
    isDequantized: false,
    read: (first, count) => Promise.resolve(all.subarray(first, first + count)),
  };
}

/** Numbers that repeat after a while, none like its neighbours. */
function made(count: number, factor: number): number[] {
  return Array.from({ length: count }, (_, index) => ((index * factor) % 101) - 50);
}

function transpose(values: readonly number[], rows: number, columns: number): number[] {
  return Array.from(
    { length: values.length },
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? NaN,
  );
}

suite('inspect/diff/compareNumbers', () => {
  test('numbers side by side', async () => {
    const found = await compareNumbers(
      numbers([3, 4, 0, -1], [2, 2]),
      numbers([3, 4, 1, -3], [2, 2]),
      false,
      quiet,
    );
    assert.deepEqual(found, {
      kind: 'numbers',
      elements: 4,
      differing: 2,
      notFinite: 0,
      largest: { index: [1, 1], a: -1, b: -3 },
      relative: Math.sqrt(5) / Math.sqrt(26),
      cosine: 28 / (Math.sqrt(26) * Math.sqrt(35)),
      signalToNoise: 20 * Math.log10(Math.sqrt(26) / Math.sqrt(5)),
    });
  });

  test('a matrix and its transpose do not differ, in however many bands they are read', async () => {
    const [rows, columns] = [37, 53];
    const values = made(rows * columns, 7);
    const turned = numbers(transpose(values, rows, columns), [columns, rows]);
    const whole = await compareNumbers(numbers(values, [rows, columns]), turned, true, quiet);
    const banded = await compareNumbers(
      numbers(values, [rows, columns]),
      turned,
      true,
      quiet,
      5 * columns,
    );
    assert.deepEqual([whole.differing, whole.elements], [0, rows * columns]);
    assert.deepEqual(banded, whole);
  });

  test('of a turned matrix too, the element that is furthest off is found', async () => {
    const [rows, columns] = [37, 53];
    const values = made(rows * columns, 7);
    const others = [...values];
    others[30 * columns + 11] = 1000;
    const found = await compareNumbers(
      numbers(values, [rows, columns]),
      numbers(transpose(others, rows, columns), [columns, rows]),
      true,
      quiet,
      4 * columns,
    );
    assert.deepEqual(found.largest, { index: [30, 11], a: values[30 * columns + 11], b: 1000 });
    assert.equal(found.differing, 1);
  });

  test('what is not finite is told apart; NaN is NaN', async () => {
    const found = await compareNumbers(
      numbers([NaN, Infinity, Infinity, 1, NaN], [5]),
      numbers([NaN, Infinity, -Infinity, 2, 5], [5]),
      false,
      quiet,
    );
    assert.deepEqual([found.differing, found.notFinite], [3, 2]);
    assert.deepEqual(found.largest, { index: [3], a: 1, b: 2 });
    assert.equal(found.relative, 1);
  });

  test('minus zero is zero', async () => {
    const found = await compareNumbers(numbers([0, 1], [2]), numbers([-0, 1], [2]), false, quiet);
    assert.equal(found.differing, 0);
  });

  test('figures that there are not are left out', async () => {
    const zeros = await compareNumbers(numbers([0, 0], [2]), numbers([0, 1], [2]), false, quiet);
    assert.deepEqual(figures(zeros), [undefined, undefined, undefined]);
    const none = await compareNumbers(numbers([], [0]), numbers([], [0]), false, quiet);
    assert.deepEqual([none.elements, none.differing], [0, 0]);
  });

  test('it ends when it is stopped', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const one = numbers([1], [1]);
    const found = compareNumbers(one, one, false, { ...quiet, signal: controller.signal });
    await assert.rejects(found, /enough/);
  });
});

function figures({ relative, cosine, signalToNoise }: TensorFigures): unknown[] {
  return [relative, cosine, signalToNoise];
}
