import assert from 'node:assert/strict';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { cost } from '../../../../src/engine/tasks/cost';
import { inspect } from '../../../../src/engine/tasks/inspect';
import { costFigures } from '../../../../src/shared/costAt';
import type { ModelCost } from '../../../../src/shared/modelCost';
import { rejection } from '../../../support/failures';
import { familyModel, type FamilyForm } from '../../../support/familyModel';
import { countedFamilies, type CountedRun } from '../../../support/inspect/costs';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';

const counted = countedFamilies();

/** The cost of a path that holds one model. */
async function costOfOne(target: string): Promise<ModelCost> {
  const { models, unread } = await cost(target);
  const [model, ...others] = models;
  assert.ok(model !== undefined && others.length + unread.length === 0);
  return model;
}

/** What PyTorch counted of the run with these sizes. */
function operations(family: string, wanted: Partial<CountedRun>, sizes: object): number {
  const found = counted[family]?.runs.filter(
    (run) =>
      Object.entries(wanted).every(([key, value]) => run[key as keyof CountedRun] === value) &&
      Object.entries(sizes).every(
        ([key, value]) => run.sizes[key as keyof typeof run.sizes] === value,
      ),
  );
  assert.equal(found?.length, 1);
  return found[0]?.operations ?? NaN;
}

const FORMS: Record<string, FamilyForm> = {
  gpt2: { folder: 'gpt2/torchscript-eager-cache', graphs: ['model'] },
  llama: { folder: 'llama/dynamo-sdpa-cache', graphs: ['model'] },
  qwen2: { folder: 'qwen2/torchscript-sdpa', graphs: ['model'] },
  bert: { folder: 'bert/torchscript-eager', graphs: ['model'], suffix: '_quantized' },
  distilbert: { folder: 'distilbert/dynamo-eager', graphs: ['model'] },
  t5: { folder: 't5/torchscript-eager', graphs: ['encoder_model', 'decoder_model_merged'] },
  bart: {
    folder: 'bart/dynamo-sdpa',
    graphs: ['encoder_model', 'decoder_model', 'decoder_with_past_model'],
  },
  marian: { folder: 'marian/dynamo-sdpa', graphs: ['encoder_model', 'decoder_model'] },
};

suite('engine: cost', () => {
  for (const [family, form] of Object.entries(FORMS)) {
    test(`${family}: parameters as PyTorch counts them, bytes as inspect tells them`, async () => {
      const folder = familyModel(form);
      const found = await costOfOne(folder);
      assert.equal(found.weights, counted[family]?.parameters);
      assert.equal(found.path, folder);
      // None is of half precision, which the runtime would widen.
      const { outlines } = await inspect(folder);
      assert.deepEqual(
        [found.weightBytes],
        outlines.map(({ size }) => size.memory),
      );
      assert.equal(found.context, family === 't5' ? 512 : 32);
    });
  }

  for (const [family, form] of Object.entries(FORMS).filter(
    ([, { graphs }]) => graphs.length > 1,
  )) {
    test(`${family}: a source is read, and the first token written`, async () => {
      const found = await costOfOne(familyModel(form));
      const { prefill, token, cache } = costFigures(found, { context: 4, batch: 3 });
      const prompt = operations(
        family,
        { stack: 'decoder', run: 'prompt' },
        { source: 4, batch: 3 },
      );
      assert.equal(prefill, operations(family, { stack: 'encoder' }, { source: 4 }) + prompt);
      // 4 bytes, keys and values, 2 layers of all heads, 4 tokens written and 4 of the source, 3 texts.
      const width = family === 't5' ? 12 : 16;
      assert.equal(cache, family === 'marian' ? undefined : 4 * 2 * 2 * width * (4 + 4) * 3);
      assert.ok(token !== undefined);
      assert.equal(token > prompt, family === 'marian', 'all is computed again without a cache');
    });
  }

  test('a decoder with a cache reads one token at a time', async () => {
    const gpt2 = await costOfOne(familyModel(FORMS['gpt2'] ?? assert.fail()));
    const { token, cache } = costFigures(gpt2, { context: 12, batch: 3 });
    assert.equal(token, operations('gpt2', { positions: true }, { tokens: 1, past: 11 }));
    assert.equal(cache, 4 * 2 * 2 * 16 * 12 * 3);
    const { prefill, attentionShare, map } = costFigures(gpt2, { context: 5, batch: 2 });
    assert.equal(prefill, operations('gpt2', {}, { tokens: 5, past: 0 }));
    assert.equal(attentionShare, 6400 / prefill);
    assert.equal(map, 4 * 2 * 2 * 5 * 5);
  });

  test('a decoder without a cache reads all again for every token', async () => {
    const qwen = await costOfOne(familyModel(FORMS['qwen2'] ?? assert.fail()));
    const { prefill, token, cache } = costFigures(qwen, { context: 5, batch: 2 });
    const all = operations('qwen2', {}, { tokens: 5, past: 0 });
    assert.deepEqual([prefill, token, cache], [all, all, undefined]);
  });

  test('an encoder writes nothing', async () => {
    const bert = await costOfOne(familyModel(FORMS['bert'] ?? assert.fail()));
    const { prefill, token, cache } = costFigures(bert, { context: 5, batch: 2 });
    assert.deepEqual(
      [prefill, token, cache],
      [operations('bert', {}, { tokens: 5 }), undefined, undefined],
    );
  });

  test('a decoder that goes on where another has begun reads no text', async () => {
    const folder = path.join(root, 'test/fixtures/families/bart/dynamo-sdpa');
    const found = await costOfOne(path.join(folder, 'decoder_with_past_model.onnx'));
    const { prefill, token } = costFigures(found, { context: 4, batch: 3 });
    assert.equal(prefill, undefined);
    assert.ok(token !== undefined && token > 0);
    assert.equal(found.context, 32);
  });

  test('parameters of the models that come with Headlight are those that inspect tells', async () => {
    const models = path.join(root, 'models');
    for (const name of readdirSync(models).filter((each) => each !== 'train')) {
      const folder = path.join(models, name);
      const { weights, graphs } = await costOfOne(folder);
      const { outlines } = await inspect(folder);
      assert.deepEqual(
        [weights],
        outlines.map(({ parameters }) => parameters),
      );
      assert.deepEqual(new Set(graphs.map(({ uncounted }) => uncounted)), new Set([0]));
    }
  });

  test('files that nothing connects are models of their own, and those that are none are told', async () => {
    const folder = temporaryFolder();
    const source = path.join(root, 'test/fixtures/families/gpt2/dynamo-sdpa/model.onnx');
    for (const name of ['a.onnx', 'b.onnx']) {
      cpSync(source, path.join(folder, name));
    }
    writeFileSync(path.join(folder, 'c.onnx'), 'nonsense');
    const { models, unread } = await cost(folder);
    assert.deepEqual(
      models.map((each) => path.basename(each.path)),
      ['a.onnx', 'b.onnx'],
    );
    assert.deepEqual(
      models.map(({ weights }) => weights),
      [5104, 5104],
    );
    assert.deepEqual(new Set(models.map(({ context }) => context)), new Set([undefined]));
    assert.deepEqual(
      unread.map(({ file }) => path.basename(file)),
      ['c.onnx'],
    );
    const alone = await rejection(() => cost(path.join(folder, 'c.onnx')));
    assert.equal(alone.data.kind, 'model');
  });
});
