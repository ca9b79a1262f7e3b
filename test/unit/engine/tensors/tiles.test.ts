import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { tileOf } from '../../../../src/inspect/tensors/tile';
import { context, ListedPath } from '../../../support/tensors/call';
import { expected, fixture } from '../../../support/tensors/expected';

suite('engine/tensors: tiles', () => {
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
    const work = {
      signal: new AbortController().signal,
      report: () => undefined,
      pause: () => Promise.resolve(),
    };
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
