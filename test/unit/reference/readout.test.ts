import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { examplesOf, familyNames, flat, inputOf, openFamily, relativeError } from './families';

suite('reference Transformer: the output layer at any depth', () => {
  for (const family of familyNames.filter((name) => name !== 'wav2vec2')) {
    test(`${family}: of the last layer's vectors it makes the logits of transformers`, async () => {
      const model = await openFamily(family);
      const [example] = examplesOf(family);
      assert.ok(example);
      const { points } = await model.run(inputOf(example), {
        record: (point) => /hook_resid_post$|blocks\.\d+\.ln\d\.hook_normalized$/.test(point),
      });
      // The last of these is what the last layer returns, its norm included where that comes last.
      const [last] = [...points.values()].slice(-1);
      assert.ok(last);
      const { data } = await model.readout(last);
      assert.ok(relativeError(data, flat(example.logits)) <= 1e-5);
    });
  }
});
