import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ModelDiff, TensorFigures } from '../../../../../src/shared/modelDiff';
import { writeGpt2 } from '../../../../bench/gpt2';
import { diffLead } from '../../../../../src/wording/inspector/diffWords';
import { inEnglish, phrase } from '../../../../../src/shared/failure';
import { listen, tinyModel, tinySeq2seq } from '../../../../support/engine/models';
import { rejection } from '../../../../support/failures';
import { exportsOf, type Family } from '../../../../support/onnx/families';
import { root } from '../../../../support/root';
import { temporaryFolder } from '../../../../support/temporary';
import { context } from '../../../../support/tensors/call';

const folder = path.join(root, 'test/fixtures/diff');

interface ExpectedFigures {
  elements: number;
  differing: number;
  notFinite: number;
  index: number[];
  relative: number;
  cosine: number;
  signalToNoise: number | null;
}

const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  ExpectedFigures
>;

function diff(a: string, b: string): Promise<ModelDiff> {
  return Promise.resolve(listen().engine.diff({ a, b }, context()));
}

suite('engine/tasks/diff: two files', () => {
  const a = path.join(folder, 'a.onnx');
  const b = path.join(folder, 'b.onnx');

  test('numbers differ as NumPy says, stored turned, in 8 bits or in half precision', async () => {
    const { tensors, differs } = await diff(a, b);
    const differing = Object.entries(expected).filter(([, { differing }]) => differing > 0);
    assert.equal(differs, true);
    assert.equal(tensors.equal, Object.keys(expected).length - differing.length);
    assert.deepEqual(
      tensors.different.map(({ name }) => name).sort(),
      differing.map(([name]) => name).sort(),
    );
    for (const [name, wanted] of differing) {
      const found = tensors.different.find((each) => each.name === name)?.found;
      assert.ok(found?.kind === 'numbers', name);
      assertFigures(found, wanted, name);
    }
    assert.deepEqual([tensors.onlyInA, tensors.onlyInB], [[], []]);
  });

  test('what is not finite on one side comes first, then the largest relative error', async () => {
    const { tensors } = await diff(a, b);
    assert.deepEqual(
      tensors.different.map(({ name }) => name),
      ['norm.weight', 'first.weight', 'second.weight', 'half.weight'],
    );
  });

  test('the graph: what is new, gone, changed or only has another name', async () => {
    const { graphs } = await diff(a, b);
    const [graph] = graphs;
    assert.ok(graph);
    const { nodes } = graph;
    assert.deepEqual(graph.opsets, [{ domain: 'ai.onnx', a: 17, b: 18 }]);
    assert.deepEqual(
      nodes.onlyInA.map(({ name }) => name),
      ['/first/Gemm'],
    );
    assert.deepEqual(nodes.onlyInB.map(({ name }) => name).sort(), [
      '/Identity',
      '/first/Add',
      '/first/MatMul',
      '/second/DequantizeLinear',
      'cast',
    ]);
    assert.deepEqual(nodes.changed, [
      {
        a: { name: '/act/LeakyRelu', operator: 'LeakyRelu' },
        b: { name: '/act/LeakyRelu', operator: 'LeakyRelu' },
        attributes: [{ name: 'alpha', a: '0.1', b: '0.2' }],
        inputs: [],
      },
    ]);
    // `/norm/Mul` is `/scale/Mul`, and `/Softmax` is `/Softmax_1`.
    assert.deepEqual([nodes.same, nodes.renamed], [5, 2]);
    assert.deepEqual(graph.modules, { onlyInA: ['norm'], onlyInB: ['scale'] });
    assert.deepEqual(graph.replaced, [{ a: 'Gemm', b: 'MatMul', count: 1 }]);
    assert.deepEqual([graph.inputs, graph.outputs], [[], []]);
  });

  test('the other way round', async () => {
    const { graphs, tensors } = await diff(b, a);
    assert.deepEqual(graphs[0]?.nodes.counts, { changed: 1, onlyInA: 5, onlyInB: 1 });
    assert.equal(tensors.different.length, 4);
  });

  test('a file and itself do not differ', async () => {
    const found = await diff(a, a);
    assert.equal(found.differs, false);
    assert.equal(found.tensors.equal, 6);
    assert.equal(found.graphs[0]?.nodes.same, 7);
  });

  test('one that cannot be read is named', async () => {
    const { data } = await rejection(() => diff(a, path.join(folder, 'make.py')));
    assert.equal(data.where, path.join(folder, 'make.py'));
  });

  test('a cancelled comparison ends', async () => {
    const controller = new AbortController();
    const found = listen().engine.diff(
      { a, b },
      { signal: controller.signal, report: () => controller.abort(new Error('enough')) },
    );
    await assert.rejects(Promise.resolve(found), /enough/);
  });
});

suite('engine/tasks/diff: models', () => {
  test('numbers of nodes without names are told apart by where they are read', async () => {
    const sizes = { layers: 2, heads: 2, width: 16, vocabulary: 20, context: 8 };
    const [one, other] = [false, true].map((isQuantized) =>
      writeGpt2(temporaryFolder(), sizes, isQuantized),
    ) as [string, string];
    const { tensors, graphs } = await diff(one, other);
    assert.ok(tensors.different.every(({ name }) => name.startsWith('transformer.h.')));
    assert.equal(tensors.different.length, 8);
    assert.deepEqual([tensors.onlyInA, tensors.onlyInB], [[], []]);
    assert.deepEqual(graphs[0]?.nodes.counts, { changed: 0, onlyInA: 0, onlyInB: 8 });
    assert.ok(graphs[0].nodes.onlyInB.every(({ operator }) => operator === 'DequantizeLinear'));
  });

  test('the graphs of two folders are compared one by one', async () => {
    const model = tinySeq2seq('marian');
    const found = await diff(model, model);
    assert.equal(found.differs, false);
    assert.ok(found.graphs.length > 1);
    assert.equal(found.graphs.length, found.a.files.length);
  });

  test('a folder of models that have nothing to do with each other, and itself', async () => {
    const folder = path.join(root, 'test/fixtures/onnx');
    const found = await diff(folder, folder);
    // The weights of one of the files are not there.
    assert.ok(found.tensors.different.every((each) => each.found.kind === 'unread'));
    assert.ok(found.tensors.equal > 100);
    assert.ok(found.graphs.every(({ nodes }) => nodes.counts.changed === 0));
  });

  test('a graph and what was saved of its model: numbers alone', async () => {
    const bert = path.join(root, 'test/fixtures/families/bert');
    const graph = path.join(bert, 'torchscript-eager/model.onnx');
    const found = await diff(graph, path.join(bert, 'model.safetensors'));
    assert.deepEqual([found.differs, found.graphs, found.tensors.equal], [false, [], 42]);
    assert.match(
      inEnglish(diffLead(found)[0] ?? phrase('')),
      /^The numbers of both are the same: 42/,
    );
  });

  test('models that have nothing in common are told apart', async () => {
    const found = await diff(tinyModel('llama', 'with-cache'), tinySeq2seq('marian'));
    assert.equal(found.differs, true);
    assert.ok(found.onlyInB.length > 0);
    assert.ok(found.tensors.onlyInA.length > 0);
    assert.match(inEnglish(diffLead(found)[0] ?? phrase('')), /no tensor in common/);
  });

  for (const { name, a, b, least } of quantizedTwins()) {
    test(`${name}: every weight has its counterpart`, async () => {
      const { tensors, graphs } = await diff(a, b);
      assert.deepEqual([tensors.onlyInA, tensors.onlyInB], [[], []]);
      assert.ok(tensors.different.length > 0);
      for (const { name: tensor, found } of tensors.different) {
        assert.ok(found.kind === 'numbers', `${tensor}: ${found.kind}`);
        assert.ok((found.signalToNoise ?? 0) > least, `${tensor}: ${found.signalToNoise} dB`);
      }
      assert.ok(graphs.every(({ inputs, outputs }) => inputs.length + outputs.length === 0));
    });
  }

  for (const family of ['bert', 'gpt2', 'bart', 't5', 'marian'] as const) {
    test(`${family} of two exporters: all weights are equal`, async () => {
      const [one, other] = ['dynamo', 'torchscript'].map((exporter) => {
        const found = exportsOf(family).find(
          (each) => each.exporter === exporter && each.precision === 'float32',
        );
        assert.ok(found);
        const file = found.files.get('model') ?? found.files.get('encoder_model');
        return path.join(found.folder, file ?? '');
      }) as [string, string];
      const { tensors } = await diff(one, other);
      assert.deepEqual([tensors.different, tensors.onlyInA, tensors.onlyInB], [[], [], []]);
      assert.ok(tensors.equal >= 20);
    });
  }
});

/** Exports in float32, and the same in fewer bits, with the least signal-to-noise that was measured, in dB. */
function quantizedTwins(): { name: string; a: string; b: string; least: number }[] {
  return (['bert', 'gpt2', 'llama', 'bart'] satisfies Family[]).flatMap((family) => {
    const exports = exportsOf(family).filter(({ folder }) => folder.endsWith('torchscript-eager'));
    const plain = exports.find(({ precision }) => precision === 'float32');
    assert.ok(plain);
    return exports
      .filter(({ precision }) => precision !== 'float32')
      .flatMap(({ id, precision, files }) =>
        Array.from(files, ([part, file]) => ({
          name: `${id}, ${part}`,
          a: path.join(plain.folder, plain.files.get(part) ?? ''),
          b: path.join(plain.folder, file),
          least: precision === 'float16' ? 70 : 34,
        })),
      );
  });
}

function assertFigures(found: TensorFigures, wanted: ExpectedFigures, name: string): void {
  const { elements, differing, notFinite, largest, relative = NaN, cosine = NaN } = found;
  assert.deepEqual(
    { elements, differing, notFinite, index: largest.index },
    {
      elements: wanted.elements,
      differing: wanted.differing,
      notFinite: wanted.notFinite,
      index: wanted.index,
    },
  );
  assert.ok(Math.abs(relative - wanted.relative) <= 1e-12, `${name}: relative ${relative}`);
  assert.ok(Math.abs(cosine - wanted.cosine) <= 1e-12, `${name}: cosine ${cosine}`);
  if (wanted.signalToNoise === null) {
    assert.equal(found.signalToNoise, undefined, name);
  } else {
    const { signalToNoise = NaN } = found;
    assert.ok(Math.abs(signalToNoise - wanted.signalToNoise) <= 1e-9, `${name}: ${signalToNoise}`);
  }
}
