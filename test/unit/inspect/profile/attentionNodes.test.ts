import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import { flatGraph } from '../../../../src/inspect/graph/flatGraph';
import { attentionNodes } from '../../../../src/inspect/profile/attentionNodes';
import { findAttentionLayers } from '../../../../src/onnx/attention/findAttention';
import type { GraphRole } from '../../../../src/onnx/attention/tap';
import { readOnnx } from '../../../../src/onnx/file/readModel';
import { FileSource } from '../../../../src/library/fileSource';
import { root } from '../../../support/root';

async function operators(
  file: string,
  layer: RegExp,
  role: GraphRole = 'encoder-only',
): Promise<string[]> {
  const source = await FileSource.open(path.join(root, file));
  const model = await readOnnx(source, file);
  await source.close();
  const layers = findAttentionLayers(model, file, role);
  return Array.from(attentionNodes(flatGraph(model), layers))
    .filter(({ name }) => layer.test(name))
    .map(({ opType }) => opType)
    .sort();
}

suite('inspect/profile/attentionNodes', () => {
  test('from the products to the weighted sum, without what makes queries, keys, values and masks', async () => {
    const file = 'test/fixtures/families/bert/torchscript-eager/model.onnx';
    assert.deepEqual(await operators(file, /layer\.1\/attention\/self\//), [
      'Add',
      'MatMul',
      'MatMul',
      'Mul',
      'Softmax',
    ]);
  });

  test('what makes a bias of positions is not part of it, but adding it is', async () => {
    const file = 'test/fixtures/families/t5/torchscript-eager/encoder_model.onnx';
    assert.deepEqual(await operators(file, /block\.0\//, 'encoder'), [
      'Add',
      'Add',
      'MatMul',
      'MatMul',
      'Mul',
      'Softmax',
    ]);
  });

  test('an operator that does it all is all of it', async () => {
    const file = 'test/fixtures/families/bert/torchscript-eager-optimized/model.onnx';
    assert.deepEqual(await operators(file, /./), ['Attention', 'Attention']);
  });
});
