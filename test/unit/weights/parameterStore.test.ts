import { suite, test } from 'mocha';
import { missingParameter } from '../../../src/weights/parameterStore';
import assert from 'node:assert/strict';

suite('weights/parameterStore', () => {
  test('a parameter that is missing: its name is another one, whatever the family', () => {
    assert.throws(() => missingParameter('bert.pooler.dense.weight'), {
      kind: 'model',
      message:
        /other names than transformers gives them: there is no “bert\.pooler\.dense\.weight”/,
    });
  });
});
