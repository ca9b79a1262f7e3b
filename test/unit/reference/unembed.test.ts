import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { rejection } from '../../support/failures';
import {
  examplesOf,
  familyNames,
  flat,
  inputOf,
  openFamily,
  relativeError,
} from '../../support/reference/families';

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
      const { data } = await model.unembed(last);
      assert.ok(relativeError(data, flat(example.logits)) <= 1e-5);
    });
  }

  for (const family of familyNames) {
    test(`${family}: a head's output, z times its columns of the projection, is hook_result`, async () => {
      const model = await openFamily(family);
      const [example] = examplesOf(family);
      assert.ok(example);
      const { points } = await model.run(inputOf(example), {
        record: (point) => /attn\.hook_(z|result)$/.test(point),
      });
      const [name = '', z] = [...points].findLast(([point]) => point.endsWith('hook_z')) ?? [];
      const site = name.replace('.hook_z', '');
      const result = points.get(`${site}.hook_result`);
      assert.ok(z && result);
      const [, tokens = 0, heads = 0, size = 0] = z.dims;
      const width = result.dims.at(-1) ?? 0;
      const head = heads - 1;
      const { dims, data } = await model.outputOf(site, head);
      assert.deepEqual(dims, [width, size]);
      const at = (tokens - 1) * heads + head;
      const own = z.data.subarray(at * size, (at + 1) * size);
      const product = Array.from({ length: width }, (_, row) =>
        own.reduce((sum, value, i) => sum + value * (data[row * size + i] ?? NaN), 0),
      );
      const expected = result.data.subarray(at * width, (at + 1) * width);
      assert.ok(relativeError(product, expected) <= 1e-5);
      const { kind } = await rejection(() => model.outputOf('blocks.9.attn', 0));
      assert.equal(kind, 'input');
    });
  }
});
