import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, readFileSync, truncateSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { halfProducts } from '../../../../src/inspect/check/halfProducts';
import { notFiniteWeights } from '../../../../src/inspect/check/notFiniteWeights';
import { unreadableFiles } from '../../../../src/inspect/check/unreadableFiles';
import type { NewGraphParts } from '../../../../src/onnx/graph/graphBuilder';
import {
  answer,
  changeTensor,
  checkedGraph,
  findings,
  floats,
  report,
  words,
  written,
} from '../../../support/inspect/checked';
import { tinyModel, tinySeq2seq } from '../../../support/engine/models';
import { temporaryFolder } from '../../../support/temporary';
import { MemorySource } from '../../../support/onnx/fixtures';
import { families, openModel, readerOf } from '../../../support/weights/files';

const NOT_FINITE = 'weights/not-finite';

/** A graph that multiplies its input with a matrix and adds a vector. */
function layer(matrix: readonly number[], bias: readonly number[]): NewGraphParts {
  return {
    nodes: [
      { opType: 'MatMul', inputs: ['x', 'w'], outputs: ['product'] },
      { opType: 'Add', inputs: ['product', 'b'], outputs: ['y'] },
    ],
    initializers: [floats('w', [2, 2], matrix), floats('b', [2], bias)],
    inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 2] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['n', 2] }],
  };
}

/** A graph that adds a constant to scores. */
function masked(dims: readonly number[], values: readonly number[]): NewGraphParts {
  return {
    nodes: [{ opType: 'Add', inputs: ['x', 'mask'], outputs: ['y'] }],
    initializers: [floats('mask', dims, values)],
    inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 2, 2] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['n', 2, 2] }],
  };
}

suite('inspect/check: weights', () => {
  test('a NaN in one element is found, with its place', async () => {
    const folder = tinyModel('llama', 'with-cache');
    const file = path.join(folder, 'onnx/model.onnx');
    assert.deepEqual(await findings(folder, NOT_FINITE), []);
    const { model } = await openModel(file);
    const table = model.graph.initializers.find(({ dims }) => dims.length === 2);
    assert.ok(table !== undefined);
    await changeTensor(file, table.name, (bytes) => bytes.writeFloatLE(NaN, 4 * 17));
    const elements = (table.dims[0] ?? 0) * (table.dims[1] ?? 0);
    assert.deepEqual(await findings(folder, NOT_FINITE), [
      `error: “${table.name}” holds NaN (1 of ${elements} numbers); the first is number 17, counted from 0 (model.onnx, ${table.name})`,
    ]);
  });

  for (const [dtype, values] of [
    ['float16', [0x3c00, 0x7bff, 0xfc00, 0x7e01]],
    ['bfloat16', [0x3f80, 0x7f7f, 0xff80, 0x7fc1]],
  ] as const) {
    test(`infinite numbers and NaN of ${dtype}`, async () => {
      const parts = layer([1, 2, 3, 4], [0, 0]);
      const bytes = new Uint8Array(Uint16Array.from(values).buffer);
      const file = written({ ...parts, initializers: [{ name: 'w', dtype, dims: [2, 2], bytes }] });
      assert.deepEqual(await findings(file, NOT_FINITE), [
        'error: “w” holds NaN and infinite numbers (1 and 1 of 4); the first is number 2, counted from 0 (model.onnx, w)',
      ]);
    });
  }

  test('infinite numbers of float64', async () => {
    const bytes = new Uint8Array(Float64Array.of(1, Infinity, 3, 4).buffer);
    const parts = layer([1, 2, 3, 4], [0, 0]);
    const file = written({
      ...parts,
      initializers: [{ name: 'w', dtype: 'float64', dims: [2, 2], bytes }],
    });
    assert.deepEqual(await findings(file, NOT_FINITE), [
      'error: “w” holds infinite numbers (1 of 4); the first is number 1, counted from 0 (model.onnx, w)',
    ]);
  });

  test('masks may be infinite, and nothing may be NaN', async () => {
    const causal = masked([2, 2], [0, -Infinity, 0, 0]);
    assert.deepEqual(await findings(written(causal), NOT_FINITE), []);
    const sloped = masked([1, 2, 2], [-0.5, -Infinity, -1, -0.5]);
    assert.deepEqual(await findings(written(sloped), NOT_FINITE), []);
    const spoiled = masked([2, 2], [0, NaN, 0, 0]);
    assert.equal((await findings(written(spoiled), NOT_FINITE)).length, 1);
    const vector = masked([2], [1, Infinity]);
    assert.equal((await findings(written(vector), NOT_FINITE)).length, 1);
  });

  test('weights that cannot be read any more are told, and count as not looked at', async () => {
    const graph = await checkedGraph(written(layer([1, 2, 3, 4], [0, 0])));
    const cut = new MemorySource(readFileSync(graph.file).subarray(0, 40));
    const {
      findings: found,
      skipped,
      passed,
    } = await answer([unreadableFiles, notFiniteWeights], {
      graphs: [{ ...graph, reader: readerOf(cut, graph.file) }],
    });
    assert.deepEqual(
      found.map(({ rule, severity, place }) => [rule, severity, place.file]),
      [['files/unreadable', 'error', graph.file]],
    );
    assert.deepEqual(
      skipped.map(({ rule }) => rule),
      [NOT_FINITE],
    );
    assert.deepEqual(passed, []);
  });

  test('of thousands of spoiled weights twenty are told, and how many more there are', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `w${i}`);
    const file = written({
      nodes: names.map((name, i) => ({
        opType: 'Add',
        inputs: [`x${i}`, name],
        outputs: [`x${i + 1}`],
      })),
      initializers: names.map((name) => floats(name, [2], [NaN, 0])),
      inputs: [{ name: 'x0', dtype: 'float32', shape: [2] }],
      outputs: [{ name: 'x23', dtype: 'float32', shape: [2] }],
    });
    const { findings: found, more } = await report(file);
    assert.equal(found.filter(({ rule }) => rule === NOT_FINITE).length, 20);
    assert.deepEqual(more, [{ rule: NOT_FINITE, findings: 3 }]);
  });

  test('weights beyond float16, but no masks', async () => {
    const rule = 'weights/half-overflow';
    assert.deepEqual(await findings(written(layer([1, -65504, 3, 4], [0, 0])), rule), []);
    assert.deepEqual(await findings(written(layer([1, -65536, 3, 4], [70_000, 0])), rule), [
      'note: Weights hold numbers beyond ±65504, the largest of float16 (weights: 2), up to 70000 in “b”: half precision would make them infinite (model.onnx, b)',
    ]);
    assert.deepEqual(await findings(written(masked([2, 2], [0, -3.4e38, 0, 0])), rule), []);
  });

  test('products after a norm that can leave float16', async () => {
    const norm = (gain: number): NewGraphParts => ({
      nodes: [
        { opType: 'LayerNormalization', inputs: ['x', 'gain', 'shift'], outputs: ['normed'] },
        { opType: 'MatMul', inputs: ['normed', 'w'], outputs: ['y'] },
      ],
      initializers: [
        floats('gain', [2], [gain, gain]),
        floats('shift', [2], [1, 1]),
        floats('w', [2, 2], [3, 0, 4, 1]),
      ],
      inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 2] }],
      outputs: [{ name: 'y', dtype: 'float32', shape: ['n', 2] }],
    });
    const rule = 'weights/half-products';
    // √2 · gain · √(3² + 4²) + 3 + 4 leaves 65,504 at a gain of 9262.9.
    assert.deepEqual(await findings(written(norm(9262)), rule), []);
    assert.deepEqual(await findings(written(norm(9264)), rule), [
      'note: Products that come after a norm can exceed ±65504, the largest of float16 (1 of 1): that with “w” can reach 65510 (model.onnx, w, MatMul)',
    ]);
    // Nothing bounds what comes in without a norm.
    assert.deepEqual(await findings(written(layer([1e9, 0, 0, 0], [0, 0])), rule), []);
    const { skipped } = await answer(halfProducts, {
      graphs: [
        {
          ...(await checkedGraph(written(norm(1)))),
          lacks: [{ kind: 'model', what: { text: '', args: [] }, remedy: { text: '', args: [] } }],
        },
      ],
    });
    assert.equal(skipped.length, 1);
  });

  test('initializers that nothing uses, inside of branches too', async () => {
    const parts = layer([1, 2, 3, 4], [0, 0]);
    const branch = (name: string): NewGraphParts => ({
      nodes: [{ opType: 'Identity', inputs: [name], outputs: [`${name}_out`] }],
      outputs: [`${name}_out`],
    });
    const chosen: NewGraphParts = {
      nodes: [
        {
          opType: 'If',
          inputs: ['flag'],
          outputs: ['y'],
          attributes: {
            then_branch: { kind: 'graph', value: branch('w') },
            else_branch: { kind: 'graph', value: branch('v') },
          },
        },
      ],
      initializers: [floats('w', [2], [1, 2]), floats('v', [2], [1, 2])],
      inputs: [{ name: 'flag', dtype: 'bool', shape: [] }],
      outputs: [{ name: 'y', dtype: 'float32', shape: [2] }],
    };
    const rule = 'weights/unused';
    assert.deepEqual(await findings(written(parts), rule), []);
    assert.deepEqual(await findings(written(chosen), rule), []);
    const spare = floats('spare', [3], [1, 2, 3]);
    const more = { ...chosen, initializers: [...(chosen.initializers ?? []), spare] };
    assert.deepEqual(await findings(written(more), rule), [
      'note: Nothing uses 1 of the 3 initializers: 12 bytes in vain; the largest is “spare” (model.onnx, spare)',
    ]);
  });

  test('files with weights that are missing or cut short', async () => {
    const rule = 'weights/external-data';
    const folder = temporaryFolder();
    cpSync(path.join(families, 'gpt2/torchscript-eager-external'), folder, { recursive: true });
    const file = path.join(folder, 'model.onnx');
    assert.deepEqual(await findings(file, rule), []);
    const data = `${file}_data`;
    const { length } = readFileSync(data);
    truncateSync(data, length - 1);
    assert.deepEqual(await findings(file, rule), [
      `error: A file with the model’s weights is cut short: it has ${length - 1} of ${length} bytes (model.onnx_data)`,
    ]);
    unlinkSync(data);
    const { findings: found, passed, skipped } = await report(file);
    assert.deepEqual(found.filter((one) => one.rule === rule).map(words), [
      'error: A file with the model’s weights is missing (model.onnx_data)',
    ]);
    assert.ok(!passed.includes(NOT_FINITE));
    assert.ok(skipped.some((one) => one.rule === NOT_FINITE && one.file === file));
  });

  test('each missing file is told', async () => {
    const file = path.join(families, '../onnx/parts.onnx');
    assert.deepEqual(
      (await findings(file, 'weights/external-data'))
        .map((one) => /\((.*)\)/.exec(one)?.[1])
        .sort(),
      ['far.bin', 'near.bin'],
    );
  });

  test('tied embeddings that one file or two hold twice', async () => {
    const rule = 'weights/stored-twice';
    assert.deepEqual(await findings(tinyModel('llama', 'with-cache'), rule), []);
    const [tied, ...others] = await findings(tinyModel('gpt2', 'with-cache'), rule);
    assert.match(
      tied ?? '',
      /^note: One matrix is stored twice, as “v36” and as “v505”: 3\.1 kB more on disk \(/,
    );
    assert.deepEqual(others, []);
    const [shared] = await findings(tinySeq2seq('marian'), rule);
    assert.match(
      shared ?? '',
      /^note: The matrix “.*” is also in encoder_model\.onnx, as “.*”: [\d.]+ kB more on disk \(decoder_model_merged\.onnx, /,
    );
    const [split] = await findings(tinySeq2seq('marian', 'split'), rule);
    assert.match(split ?? '', /^note: /);
  });
});
