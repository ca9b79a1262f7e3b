import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { moduleGraphs, nodeDetail } from '../../../../src/engine/tasks/moduleGraphs';
import { rejection } from '../../../support/failures';
import { root } from '../../../support/root';

const models = path.join(root, 'models');

suite('engine/tasks/moduleGraphs', () => {
  test('a node has its attributes and a page that documents it', async () => {
    const [found] = await moduleGraphs(path.join(models, 'headlight-complete'));
    assert.ok(found);
    const at = found.nodes.findIndex(({ operator }) => operator === 'Softmax');
    assert.deepEqual(await nodeDetail(found.file, at), {
      opset: 14,
      documentation: 'https://onnx.ai/onnx/operators/onnx__Softmax.html',
      attributes: [{ name: 'axis', value: '-1' }],
    });
    assert.equal((await rejection(() => nodeDetail(found.file, 1e6))).kind, 'gone');
  });
});
