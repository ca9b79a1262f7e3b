import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Decoder } from '../../../src/engine/generation/decoder';
import { openModel } from '../../../src/engine/openModel';
import { root } from '../../support/root';
import { examplesOf } from '../../support/onnx/families';
import { largestDifference } from '../../support/onnx/tapped';
import { context, listen, tinyModel } from '../../support/engine/models';

/** The tokens of the example, each a character of its own in the tiny model's vocabulary. */
const TEXT = 'dpc,gguj';

/** Decoders as ONNX Runtime's model builder writes them, whose cache says no head size. */
suite('engine, a decoder of the model builder', () => {
  for (const source of ['llama/builder-gqa', 'llama/builder-gqa-q4', 'qwen2/builder-gqa-q4']) {
    test(`${source}: attends as transformers does, and goes on from its cache`, async () => {
      const [example] = examplesOf(source);
      assert.ok(example);
      const { input_ids: ids = [] } = example.inputs;
      const folder = folderOf(source);
      const { engine } = listen();
      const { trace } = await engine.trace({ model: { folder }, text: TEXT }, context());
      for (const [site, heads] of Object.entries(example.attention)) {
        for (const [head, rows] of heads.entries()) {
          const { values } = await engine.headMap({ trace, site, head }, context());
          assert.ok(largestDifference(values, rows.flat()) < 1e-5, `${site}.${head}`);
        }
      }

      const model = await openModel(folder);
      assert.ok(model.architecture === 'decoder');
      const { graph, interface: ports } = model.decoder;
      const first = { session: await graph.session(), interface: ports };
      const stepwise = new Decoder({ first });
      for (const [position, id] of ids.entries()) {
        const logits = await stepwise.append([id]);
        const off = largestDifference(logits, example.logits[position] ?? []);
        assert.ok(off < 5e-5, `token ${position} is off by ${off}`);
      }
    });
  }
});

/** The model of the families, with the tokenizer of a tiny model. */
function folderOf(source: string): string {
  const folder = tinyModel('gpt2', 'with-cache');
  const built = path.join(root, 'test/fixtures/families', source);
  cpSync(path.join(built, 'config.json'), path.join(folder, 'config.json'));
  rmSync(path.join(folder, 'onnx'), { recursive: true });
  mkdirSync(path.join(folder, 'onnx'));
  cpSync(built, path.join(folder, 'onnx'), { recursive: true });
  return folder;
}
