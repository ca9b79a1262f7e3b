import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { normedProducts } from '../../../../src/inspect/check/normedProducts';
import { productBound } from '../../../../src/inspect/check/productBound';
import { normedMatrix } from '../../../support/inspect/normedMatrix';
import { root } from '../../../support/root';
import { families, openModel } from '../../../support/weights/files';

/** What `productBounds.py` computes of the weights that `transformers` saved, in the order of the layers. */
const expected = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/inspect/productBounds.json'), 'utf8'),
) as Record<'gpt2' | 'llama', number[]>;

async function bounds(file: string): Promise<number[]> {
  const { model, reader } = await openModel(path.join(families, file));
  const { signal } = new AbortController();
  return Promise.all(normedProducts(model).map((product) => productBound(product, reader, signal)));
}

function assertClose(actual: readonly number[], wanted: readonly number[], relative: number): void {
  assert.equal(actual.length, wanted.length);
  for (const [index, value] of actual.entries()) {
    const other = wanted[index] ?? NaN;
    assert.ok(Math.abs(value - other) <= relative * other, `${index}: ${value}, not ${other}`);
  }
}

suite('inspect/check: bounds of products', () => {
  for (const [file, relative] of [
    // Single precision, as it was saved: what is left is the rounding of sums.
    ['gpt2/torchscript-eager/model.onnx', 1e-12],
    ['gpt2/dynamo-sdpa/model.onnx', 1e-12],
    ['gpt2/torchscript-eager-external/model.onnx', 1e-12],
    ['llama/torchscript-eager/model.onnx', 1e-12],
    ['llama/dynamo-eager/model.onnx', 1e-12],
    // Half precision has 11 bits.
    ['gpt2/torchscript-eager/model_fp16.onnx', 2 ** -11],
    ['llama/torchscript-eager/model_fp16.onnx', 2 ** -11],
  ] as const) {
    test(`of ${file} are those that numpy computes`, async () => {
      assertClose(
        (await bounds(file)).sort((a, b) => a - b),
        expected[file.startsWith('gpt2') ? 'gpt2' : 'llama'].toSorted((a, b) => a - b),
        relative,
      );
    });
  }

  test('of matrices that are read in several pieces are no others', async () => {
    const { product, reader, bound } = normedMatrix(1500, 1500);
    const { signal } = new AbortController();
    assertClose([await productBound(product, reader, signal)], [bound], 1e-12);
  });
});
