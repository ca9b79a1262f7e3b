import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { tileOf } from '../../../../../src/inspect/tensors/tile';
import { context, ListedPath } from '../../../../support/tensors/call';
import { expected, fixture } from '../../../../support/tensors/expected';

suite('engine/tasks/tensors: tiles', () => {
  const work = {
    signal: new AbortController().signal,
    report: () => undefined,
    pause: () => Promise.resolve(),
  };
  let tensors: ListedPath;
  suiteSetup(async () => {
    tensors = await ListedPath.open(fixture('tensors.onnx'));
  });

  for (const { name, window, rows, columns, values } of expected.tiles) {
    const { row, column } = window;
    test(`${name} from ${row}, ${column} in ${rows} × ${columns} cells`, async () => {
      const tile = await tensors.engine.tensorTile(
        { tensor: tensors.id(name), window, rows, columns },
        context(),
      );
      const found = Array.from(tile.values, (value) => (Number.isNaN(value) ? null : value));
      assert.deepEqual(
        found,
        values.map((value) => value && Math.fround(Number(value))),
      );
      assert.equal(tile.rows * tile.columns, values.length);
    });
  }

  test('of a tensor without elements there is nothing', async () => {
    for (const name of ['empty', 'no_columns']) {
      const window = { row: 0, rows: 9, column: 0, columns: 9 };
      const tile = await tensors.engine.tensorTile(
        { tensor: tensors.id(name), window, rows: 4, columns: 4 },
        context(),
      );
      assert.deepEqual([tile.rows * tile.columns, tile.values.length], [0, 0], name);
    }
  });

  test('rows that are longer than what is read at a time', async () => {
    const columns = 600_000;
    const value = (at: number): number => Math.sin(at * 0.001) * ((at % 9973) + 1);
    const numbers = {
      dims: [2, columns],
      isDequantized: false,
      read: (first: number, count: number) =>
        Promise.resolve(Float64Array.from({ length: count }, (_, i) => value(first + i))),
    };
    const window = { row: 0, rows: 2, column: 1000, columns: columns - 1000 };
    const tile = await tileOf(numbers, window, { rows: 2, columns: 7 }, work);
    const cell = (row: number, index: number): number => {
      const [from = 0, to = 0] = [index, index + 1].map((each) =>
        Math.floor((each * window.columns) / 7),
      );
      let farthest = 0;
      for (let column = 1000 + from; column < 1000 + to; column++) {
        const here = value(row * columns + column);
        farthest = Math.abs(here) > Math.abs(farthest) ? here : farthest;
      }
      return Math.fround(farthest);
    };
    const wanted = [0, 1].flatMap((row) => Array.from({ length: 7 }, (_, i) => cell(row, i)));
    assert.deepEqual([...tile.values], wanted);
  });

  test('reads the rows of the window alone, and of very long ones the columns', async () => {
    const read: [first: number, count: number][] = [];
    const numbers = (dims: number[]) => ({
      dims,
      isDequantized: false,
      read: (first: number, count: number) => {
        read.push([first, count]);
        return Promise.resolve(new Float32Array(count));
      },
    });
    const window = { row: 10, rows: 2, column: 7, columns: 5 };
    await tileOf(numbers([100, 50]), window, { rows: 2, columns: 5 }, work);
    assert.deepEqual(read.splice(0), [[500, 100]]);
    await tileOf(numbers([100, 10 ** 6]), window, { rows: 2, columns: 5 }, work);
    assert.deepEqual(read, [
      [10 * 10 ** 6 + 7, 5],
      [11 * 10 ** 6 + 7, 5],
    ]);
  });
});
