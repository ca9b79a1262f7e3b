import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { bundledModel } from '../../../src/library/bundledModels';

suite('library: bundled models', () => {
  test('each task has a folder of its own under models/', () => {
    const tasks = ['complete', 'translate', 'summarize', 'fillMask'] as const;
    assert.deepEqual(
      tasks.map((task) => bundledModel('root', task)),
      [
        'headlight-complete',
        'headlight-translate-en-zh',
        'headlight-summarize',
        'headlight-fill-mask',
      ].map((name) => path.join('root', 'models', name)),
    );
  });
});
