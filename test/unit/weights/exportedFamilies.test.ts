import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { readParameter } from '../../../src/weights/readParameter';
import { realModel } from '../../support/skips';
import { compareWeights } from '../../support/weights/comparison';
import { families, fixture, openStateDict } from '../../support/weights/files';

suite('weights by name, of what exporters compute', () => {
  test('weight normalisation: what the exporter computed is bound, and said to be altered', async () => {
    const folder = path.join(families, 'wav2vec2');
    const { tensors, reader } = await openStateDict(path.join(folder, 'model.safetensors'));
    const conv = 'wav2vec2.encoder.pos_conv_embed.conv';
    const [g, v] = ['original0', 'original1'].map((name) =>
      tensors.get(`${conv}.parametrizations.weight.${name}`),
    );
    assert.ok(g && v);
    const [lengths, directions] = [await reader.elements(g), await reader.elements(v)];
    const kernel = lengths.length;
    const norms = Float64Array.from({ length: kernel }, (_, k) =>
      Math.sqrt(directions.reduce((sum, x, i) => sum + (i % kernel === k ? x * x : 0), 0)),
    );
    for (const exported of ['torchscript-eager', 'dynamo-eager']) {
      const file = path.join(folder, exported, 'model.onnx');
      const result = await compareWeights(file, { tensors, reader });
      const weight = result.weights.parameters.get(`${conv}.weight`);
      assert.ok(weight);
      assert.equal(weight.altered, true);
      const elements = await readParameter(weight, result.reader);
      assert.equal(elements.length, directions.length);
      elements.forEach((element, i) => {
        const k = i % kernel;
        const expected = ((lengths[k] ?? NaN) * (directions[i] ?? NaN)) / (norms[k] ?? NaN);
        assert.ok(Math.abs(element - expected) < 1e-6);
      });
    }
  });
});

suite('weights by name, in what runtimes make of exports', () => {
  const attention = /^bert\.encoder\.layer\.\d\.attention\.(self\..*|output\.dense\..*)$/;
  for (const [file, bound] of [
    ['fused.onnx', attention],
    ['fused_quantized.onnx', attention],
    ['dynamo_quantized.onnx', /./],
  ] as const) {
    test(file, async () => {
      const source = await openStateDict(path.join(families, 'bert/model.safetensors'));
      const result = await compareWeights(fixture(file), source);
      assert.deepEqual(
        [...result.matches.keys()].sort(),
        [...source.tensors.keys()].filter((name) => bound.test(name)).sort(),
      );
      assert.deepEqual(result.different, []);
      assert.deepEqual(result.weights.unbound, []);
    });
  }

  test('weights of 4 and 8 bits in blocks, columns and rows are what ONNX Runtime computes with', async () => {
    const source = await openStateDict(fixture('packed.safetensors'));
    const { matches, weights, reader } = await compareWeights(fixture('packed.onnx'), source);
    assert.equal(matches.size, source.tensors.size);
    for (const [name, parameter] of weights.parameters) {
      const tensor = source.tensors.get(name);
      assert.ok(tensor, name);
      assert.deepEqual(parameter.dims, tensor.dims, name);
      const actual = await readParameter(parameter, reader);
      assert.deepEqual(actual, await source.reader.elements(tensor), name);
    }
  });
});

suite('weights by name, of the real model stories260K', () => {
  test('all are bound and equal', async function () {
    const folder = realModel(this, 'stories260K');
    const source = await openStateDict(path.join(folder, 'model.safetensors'));
    const result = await compareWeights(path.join(folder, 'onnx/model.onnx'), source);
    assert.deepEqual(result.missing, []);
    assert.deepEqual(result.different, []);
    assert.equal(result.matches.size, 47);
  });
});
