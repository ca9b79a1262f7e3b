import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { withoutLinks } from '../../../src/host/plainText';

suite('host/plainText', () => {
  test('what the editor would make a link of stays text', () => {
    const hostile = 'Tensor “[Repair](command:workbench.action.quit)” has no data';
    assert.doesNotMatch(withoutLinks(hostile), /\[[^\]]+\]\([^)]+\)/);
    assert.equal(withoutLinks('shape [2, 3] (a.onnx)'), 'shape [2, 3] (a.onnx)');
  });
});
