import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { Failure, phrase } from '../../../src/shared/failure';
import { equalMatrices } from '../../../src/weights/equalMatrices';
import type { Matrix } from '../../../src/weights/matrix';
import { transposed } from '../../../src/weights/transposed';

/** A matrix in memory, by a name. */
interface Named extends Matrix {
  name: string;
  /** Elements that were read. */
  count: number;
}

const ROWS = 200;
const COLUMNS = 64;

suite('weights/equalMatrices', () => {
  const numbers = normal(1, ROWS * COLUMNS);
  const plain = (name: string, elements = numbers, rows = ROWS): Named =>
    inMemory(name, elements, rows);
  const other = plain('other', normal(2, ROWS * COLUMNS));

  test('the same elements, wherever they stand in the list', async () => {
    assert.deepEqual(await groups(plain('a'), other, plain('b'), plain('c')), [['a', 'b', 'c']]);
  });

  test('no more is read of a matrix than 1,024 elements for each comparison, and 64 before', async () => {
    const [a, b] = [plain('a'), plain('b')];
    const unlike = plain('unlike', normal(2, ROWS * COLUMNS));
    await equalMatrices([a, unlike, b]);
    // Of the first also its first row, which tells tables of positions.
    assert.deepEqual([a.count, b.count, unlike.count], [1088 + COLUMNS, 1088, 64]);
  });

  test('a transpose, also of a square matrix', async () => {
    const turned = plain('turned', transposed(numbers, ROWS, COLUMNS), COLUMNS);
    assert.deepEqual(await groups(turned, other, plain('a')), [['turned', 'a']]);
    const square = normal(3, 96 * 96);
    const found = await groups(
      plain('square', square, 96),
      plain('its transpose', transposed(square, 96, 96), 96),
      plain('another', normal(4, 96 * 96), 96),
      plain('again', square, 96),
    );
    assert.deepEqual(found, [['square', 'its transpose', 'again']]);
  });

  test('not what only has the sizes, or the same elements in other places', async () => {
    const shuffled = numbers.toReversed();
    // As wide as the other is high, but written row by row as it stands.
    assert.deepEqual(
      await groups(plain('a'), plain('b', shuffled), plain('c', numbers, COLUMNS)),
      [],
    );
  });

  test('not what differs by more than rounding, in every element or in some hundredths of them', async () => {
    const nearly = numbers.map((value) => value * (1 + 2 ** -20));
    const partly = numbers.map((value, i) => (i % 50 === 0 ? value + 0.1 : value));
    assert.deepEqual(await groups(plain('a'), plain('b', nearly), plain('c', partly)), []);
  });

  test('half precision is as near as its rounding', async () => {
    const half = inMemory('half', Float32Array.from(numbers, toHalf), ROWS, {
      share: 2 ** -11,
    });
    const worse = numbers.map((value) => value * (1 + 2 ** -9));
    assert.deepEqual(await groups(plain('a'), half), [['a', 'half']]);
    assert.deepEqual(await groups(half, plain('worse', worse)), []);
  });

  for (const steps of [255, 15]) {
    test(`integers of ${steps + 1} values, the largest cut off, and the transpose in others`, async () => {
      const most = 3;
      const step = (2 * most) / steps;
      const rounded = (by: number): Float32Array =>
        numbers.map((value) => by * Math.round(Math.max(-most, Math.min(most, value)) / by));
      const integers = inMemory('integers', rounded(step), ROWS, { step });
      const turned = transposed(rounded(1.3 * step), ROWS, COLUMNS);
      const others = inMemory('others', turned, COLUMNS, { step: 1.3 * step });
      const unrelated = inMemory(
        'unrelated',
        normal(5, ROWS * COLUMNS).map((value) => step * Math.round(value / step)),
        ROWS,
        { step },
      );
      assert.deepEqual(await groups(integers, unrelated, others, plain('a'), other), [
        ['integers', 'others', 'a'],
      ]);
    });
  }

  test('small ones are compared whole; those of a few elements and of equal ones not at all', async () => {
    const small = normal(6, 16 * 40);
    const changed = small.map((value, i) => (i === 77 ? value + 1 : value));
    const zeros = new Float32Array(ROWS * COLUMNS);
    assert.deepEqual(await groups(plain('a', small, 16), plain('b', small, 16)), [['a', 'b']]);
    assert.deepEqual(await groups(plain('a', small, 16), plain('b', changed, 16)), []);
    assert.deepEqual(await groups(plain('a', zeros), plain('b', zeros)), []);
    const few = normal(7, 8 * 8);
    assert.deepEqual(await groups(plain('a', few, 8), plain('b', few, 8)), []);
  });

  test('tables of the sines of positions are of each stack', async () => {
    const angles = (position: number, i: number): number =>
      position / 10_000 ** ((2 * (i % 32)) / COLUMNS);
    const table = Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => {
      const column = at % COLUMNS;
      const angle = angles(Math.floor(at / COLUMNS), column);
      return column < COLUMNS / 2 ? Math.sin(angle) : Math.cos(angle);
    });
    assert.deepEqual(await groups(plain('a', table), plain('b', table)), []);
  });

  test('one that cannot be read is left out', async () => {
    const broken: Named = {
      ...plain('broken'),
      read: () =>
        Promise.reject(
          new Failure({ kind: 'model', what: phrase('gone'), remedy: phrase('none') }),
        ),
    };
    assert.deepEqual(await groups(plain('a'), broken, plain('b')), [['a', 'b']]);
    const defect: Named = {
      ...plain('defect'),
      read: () => Promise.reject(new TypeError('a bug')),
    };
    await assert.rejects(groups(plain('a'), defect), TypeError);
  });
});

async function groups(...matrices: Named[]): Promise<string[][]> {
  return (await equalMatrices(matrices)).map((group) => group.map(({ name }) => name));
}

/**
 * @param step distance of the integers that its numbers are made of; absent for floats, which then have
 *   `share` of themselves as their rounding.
 */
function inMemory(
  name: string,
  elements: Float32Array,
  rows: number,
  { step, share = 2 ** -24 }: { step?: number; share?: number } = {},
): Named {
  const columns = elements.length / rows;
  return {
    name,
    count: 0,
    rows,
    columns,
    isQuantized: step !== undefined,
    read(row, column, count) {
      this.count += count;
      const start = row * columns + column;
      const values = elements.slice(start, start + count);
      const errors = values.map((value) =>
        step === undefined ? Math.abs(value) * share : step / 2,
      );
      return Promise.resolve({ values, errors });
    },
  };
}

/** Numbers of the normal distribution, by Box and Muller, of a generator with a seed. */
function normal(seed: number, length: number): Float32Array {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** The nearest number with 11 bits, for those that half precision has as normal ones. */
function toHalf(value: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
  return unit * Math.round(value / unit);
}
