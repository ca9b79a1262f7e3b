import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../support/root';
import { examplesOf } from '../../support/onnx/families';
import { largestDifference } from '../../support/onnx/tapped';
import { context, listen, tinyModel } from '../../support/engine/models';

const family = path.join(root, 'test/fixtures/families/gpt2');

/** The tokens of the example, each a character of its own in the tiny model's vocabulary. */
const TEXT = 'dpc,gguj';

/** A decoder-only model in one merged file, as Optimum wrote them until version 1.14. */
suite('engine, a merged decoder without an encoder', () => {
  const [example] = examplesOf('gpt2');

  for (const exported of ['torchscript-eager-merged', 'dynamo-sdpa-merged']) {
    test(`${exported}: writes and attends as transformers does`, async () => {
      assert.ok(example);
      const { engine } = listen();
      const model = { folder: folderOf(exported) };
      const { tokens } = await engine.tokenize({ model, text: TEXT }, context());
      assert.deepEqual(
        tokens.map(({ id }) => id),
        example.inputs['input_ids'],
      );

      const { trace } = await engine.trace({ model, text: TEXT }, context());
      for (const [site, heads] of Object.entries(example.attention)) {
        for (const [head, rows] of heads.entries()) {
          const { values } = await engine.headMap({ trace, site, head }, context());
          assert.ok(largestDifference(values, rows.flat()) < 1e-5);
        }
      }

      const options = { maxNewTokens: 6 };
      const written = await engine.complete({ model, text: TEXT, options }, context());
      const logits = example.logits.at(-1) ?? [];
      assert.equal(written.tokens[0]?.id, logits.indexOf(Math.max(...logits)));

      // Later steps go on from the cache; the model that has no switch for that is the measure.
      const plain = { folder: folderOf('torchscript-eager-cache') };
      const expected = await engine.complete({ model: plain, text: TEXT, options }, context());
      assert.deepEqual(
        written.tokens.map(({ id }) => id),
        expected.tokens.map(({ id }) => id),
      );
      for (const [index, { logprob }] of written.tokens.entries()) {
        assert.ok(Math.abs(logprob - (expected.tokens[index]?.logprob ?? NaN)) < 1e-5);
      }
    });
  }
});

/** The model of the families, with the tokenizer of a tiny model. */
function folderOf(exported: string): string {
  const folder = tinyModel('gpt2', 'with-cache');
  cpSync(path.join(family, 'config.json'), path.join(folder, 'config.json'));
  rmSync(path.join(folder, 'onnx'), { recursive: true });
  mkdirSync(path.join(folder, 'onnx'));
  cpSync(path.join(family, exported), path.join(folder, 'onnx'), {
    recursive: true,
    filter: (file) => !file.includes('_quantized'),
  });
  return folder;
}
