import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { constantTensors } from '../../../src/onnx/outline/storedWeights';
import { bindWeights } from '../../../src/weights/bindWeights';
import { compareSavedWeights, type SavedWeights } from '../../../src/weights/savedWeights';
import { exportsOf, familyFolders, type Family } from '../../support/onnx/families';
import { partOf } from '../../support/weights/comparison';
import { families, openModel, openStateDict } from '../../support/weights/files';

const { signal } = new AbortController();

suite('weights/savedWeights', () => {
  for (const family of familyFolders() as Family[]) {
    test(`${family}: every export has the weights that were saved, as far as its types hold them`, async () => {
      for (const { id, source, folder, files } of exportsOf(family)) {
        const saved = await openStateDict(path.join(families, source, 'model.safetensors'));
        const graphs = await Promise.all(
          [...files.values()].map(async (name) => graphOf(path.join(folder, name))),
        );
        const found = await compareSavedWeights(graphs, saved, signal);
        assert.deepEqual([found.different, found.otherShapes], [[], []], id);
        const { compared, weights } = found.inGraphs;
        assert.ok(compared > 0 && compared <= weights, id);
        assert.ok(found.weights > 0 && found.weights + found.unmatched === saved.tensors.size, id);
      }
    });
  }

  test('what was saved otherwise is named, with its place and by how much', async () => {
    const folder = path.join(families, 'llama');
    const graph = await graphOf(path.join(folder, 'torchscript-eager/model.onnx'));
    const saved = await openStateDict(path.join(folder, 'model.safetensors'));
    const name = 'model.layers.1.self_attn.k_proj.weight';
    const found = await compareSavedWeights([graph], changed(saved, name, [3, 40], 0.25), signal);
    assert.equal(found.differing, 1);
    const [only] = found.different;
    assert.ok(only);
    const { maxAbsDiff, ...rest } = only;
    const values = saved.tensors.get(name)?.dims.reduce((product, size) => product * size, 1);
    assert.deepEqual(rest, { name, count: 2, values, first: 3, last: 40, notFinite: 0 });
    assert.ok(Math.abs(maxAbsDiff - 0.25) < 1e-6);
  });

  test('a value that is NaN is counted, and no difference', async () => {
    const { graph, saved } = await llama();
    const name = 'model.layers.1.self_attn.k_proj.weight';
    const { different } = await compareSavedWeights(
      [graph],
      changed(saved, name, [3], NaN),
      signal,
    );
    const [{ count, notFinite, maxAbsDiff } = {}] = different;
    assert.deepEqual([count, notFinite, maxAbsDiff], [1, 1, 0]);
  });

  test('what was saved in another shape is named, and is not one that the graph lacks', async () => {
    const { graph, saved } = await llama();
    const whole = await compareSavedWeights([graph], saved, signal);
    const name = 'model.layers.0.mlp.up_proj.weight';
    const tensor = saved.tensors.get(name);
    assert.ok(tensor);
    const [rows = 0, columns = 0] = tensor.dims;
    const tensors = new Map(saved.tensors);
    tensors.set(name, { ...tensor, dims: [rows / 2, 2 * columns] });
    const found = await compareSavedWeights([graph], { ...saved, tensors }, signal);
    assert.deepEqual(found.otherShapes, [
      { name, saved: [rows / 2, 2 * columns], inGraph: [rows, columns] },
    ]);
    assert.equal(found.reshaped, 1);
    assert.equal(found.unmatched, whole.unmatched);
    assert.equal(found.inGraphs.compared, whole.inGraphs.compared - 1);
  });

  test('weights of the graph that were not saved are not counted as compared', async () => {
    const { graph, saved } = await llama();
    const whole = await compareSavedWeights([graph], saved, signal);
    const tensors = new Map(saved.tensors);
    tensors.delete('model.layers.0.mlp.up_proj.weight');
    const { inGraphs, unmatched } = await compareSavedWeights(
      [graph],
      { ...saved, tensors },
      signal,
    );
    assert.deepEqual(inGraphs, {
      compared: whole.inGraphs.compared - 1,
      weights: whole.inGraphs.weights,
    });
    assert.equal(unmatched, whole.unmatched);
  });

  test('tables of positions and second names of tied weights are not counted as weights', async () => {
    const folder = path.join(families, 'm2m100');
    const saved = await openStateDict(path.join(folder, 'model.safetensors'));
    const graphs = await Promise.all(
      ['encoder_model.onnx', 'decoder_model.onnx'].map((name) =>
        graphOf(path.join(folder, 'dynamo-eager', name)),
      ),
    );
    const names = graphs.flatMap(({ weights }) => [...weights.parameters.keys()]);
    // Buffers of M2M100SinusoidalPositionalEmbedding, one in each stack.
    const tables = names.filter((name) => name.endsWith('embed_positions.weights'));
    // tie_word_embeddings
    const tied = names.filter((name) => name === 'lm_head.weight');
    assert.deepEqual([tables.length, tied.length], [2, 1]);
    const { inGraphs } = await compareSavedWeights(graphs, saved, signal);
    const weights = names.length - 3;
    assert.deepEqual(inGraphs, { compared: weights, weights });
  });

  for (const [form, within] of [
    ['model_fp16.onnx', 0.001],
    ['model_quantized.onnx', 0.02],
  ] as const) {
    test(`${form}: a change larger than rounding is found, a smaller one is not`, async () => {
      const folder = path.join(families, 'llama');
      const graph = await graphOf(path.join(folder, 'torchscript-eager', form));
      const saved = await openStateDict(path.join(folder, 'model.safetensors'));
      const name = 'model.layers.0.mlp.up_proj.weight';
      const [large, none] = await Promise.all(
        [within, 0].map((by) =>
          compareSavedWeights([graph], changed(saved, name, [5], by), signal),
        ),
      );
      assert.equal(large?.different[0]?.name, name);
      assert.equal(none?.differing, 0);
    });
  }
});

async function llama() {
  const folder = path.join(families, 'llama');
  return {
    graph: await graphOf(path.join(folder, 'torchscript-eager/model.onnx')),
    saved: await openStateDict(path.join(folder, 'model.safetensors')),
  };
}

async function graphOf(file: string) {
  const { model, reader } = await openModel(file);
  const part = partOf(path.basename(file));
  const constants = constantTensors(model);
  return { weights: bindWeights(model), reader, constants, ...(part !== undefined && { part }) };
}

/** The same weights, but for some values of one. */
function changed(
  { tensors, reader }: SavedWeights,
  name: string,
  places: readonly number[],
  by: number,
): SavedWeights {
  const own = Object.create(reader) as SavedWeights['reader'];
  own.elements = async (tensor) => {
    const values = (await reader.elements(tensor)).slice();
    for (const place of tensor.name === name ? places : []) {
      values[place] = (values[place] ?? NaN) + by;
    }
    return values;
  };
  return { tensors, reader: own };
}
