import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { StoredTensor, TensorId } from '../../../../../src/shared/tensorListing';
import { runCommand } from '../../../../support/cli';
import { root } from '../../../../support/root';
import { temporaryFolder } from '../../../../support/temporary';
import { context, ListedPath } from '../../../../support/tensors/call';
import { fixture } from '../../../../support/tensors/expected';

/** What NumPy says of the parameter, as its maker vouches for. */
const expected = JSON.parse(readFileSync(fixture('transposed.json'), 'utf8')) as {
  name: string;
  dims: number[];
  text: string;
  cut: string;
  file: string;
  largest: { index: number[]; value: number };
  tile: number[][];
};

const file = path.join(root, 'test/fixtures/families/bert/torchscript-eager/model.onnx');

suite('engine/tasks/tensors: a matrix stored as its transpose', () => {
  let listed: ListedPath;
  let tensor: StoredTensor;
  let id: TensorId;
  suiteSetup(async () => {
    listed = await ListedPath.open(file);
    const found = listed.listing.tensors.find(({ parameters }) =>
      parameters.includes(expected.name),
    );
    assert.ok(found);
    tensor = found;
    id = listed.id(found.name);
  });

  test('has the shape of the parameter that it is called by', () => {
    assert.equal(tensor.isTransposed, true);
    assert.deepEqual(tensor.dims, expected.dims);
  });

  test('is written as that of transformers', async () => {
    const { engine } = listed;
    const text = async (threshold: number): Promise<string> =>
      (await engine.tensorText({ tensor: id, threshold }, context())).text;
    assert.equal(await text(1000), expected.text);
    assert.equal(await text(50), expected.cut);
    const target = path.join(temporaryFolder(), 'saved.npy');
    await engine.saveTensor({ tensor: id, target, replace: false }, context());
    assert.equal(readFileSync(target).toString('base64'), expected.file);
  });

  test('is drawn and measured as that of transformers', async () => {
    const window = { row: 5, rows: 16, column: 2, columns: 12 };
    const tile = await listed.engine.tensorTile(
      { tensor: id, window, rows: 4, columns: 3 },
      context(),
    );
    assert.deepEqual([tile.rows, tile.columns], [4, 3]);
    assert.deepEqual([...tile.values], expected.tile.flat());
    const { finite } = await listed.engine.tensorStatistics({ tensor: id }, context());
    assert.deepEqual(finite?.largest, expected.largest);
  });

  test('is said to be stored so', async () => {
    const { written } = await runCommand(['tensors', file]);
    const line = written.split('\n').find((one) => one.includes(expected.name));
    assert.match(line ?? '', /24 × 16 .*stored transposed as onnx::MatMul_403/);
  });
});
