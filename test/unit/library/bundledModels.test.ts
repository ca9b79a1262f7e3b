import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { bundledModel } from '../../../src/library/bundledModels';

suite('library: bundled models', () => {
  test('lie in the package, a folder a task', () => {
    const root = path.resolve('somewhere');
    assert.equal(bundledModel(root, 'complete'), path.join(root, 'models', 'headlight-complete'));
  });
});
