import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { moduleGraphs } from '../../../../src/engine/tasks/moduleGraphs';
import { moduleGraph } from '../../../../src/inspect/graph/moduleGraph';
import type { Node } from '../../../../src/onnx/graph/model';
import { storedWeights } from '../../../../src/onnx/outline/storedWeights';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';
import type { ModuleGraph } from '../../../../src/shared/moduleGraph';
import { model, node, value } from '../../../support/onnx/models';
import { root } from '../../../support/root';

const models = path.join(root, 'models');

function drawn(nodes: Node[]): ModuleGraph {
  const made = model({
    nodes,
    inputs: [value('x', ['n', 8])],
    outputs: [value('y', ['n', 8])],
  });
  return moduleGraph({
    ...{ file: 'm.onnx', model: made, shapes: inferShapes(made), layers: [] },
    weights: storedWeights(made),
  });
}

/** Full names of modules that are numbered, with that which they are equal to. */
function equalModules({ modules }: ModuleGraph): Record<string, string> {
  const nameOf = (at: number | undefined): string => {
    const module = modules[at ?? 0];
    return module?.parent === undefined ? '' : `${nameOf(module.parent)}/${module.name}`;
  };
  return Object.fromEntries(
    modules.flatMap(({ equalTo }, at) =>
      equalTo === undefined ? [] : [[nameOf(at), nameOf(equalTo)]],
    ),
  );
}

suite('inspect/graph/moduleGraph', () => {
  test('the layers of a decoder are equal, though one computes what all of them use', async () => {
    const [found] = await moduleGraphs(path.join(models, 'headlight-complete'));
    assert.ok(found);
    const equal = Array.from({ length: 5 }, (_, layer) => [
      `/model/layers/${layer + 1}`,
      '/model/layers/0',
    ]);
    assert.deepEqual(equalModules(found), Object.fromEntries(equal));
    assert.equal(found.nodes.length, 945);
    assert.equal(found.modules[0]?.parameters, 3_443_136);
    const sites = found.nodes.flatMap(({ site }) => site ?? []);
    assert.deepEqual(
      sites,
      Array.from({ length: 6 }, (_, layer) => `blocks.${layer}.attn`),
    );
  });

  test('branches of a merged decoder are modules, whose results go into their If', async () => {
    const [, decoder] = await moduleGraphs(path.join(models, 'headlight-translate-en-zh'));
    assert.ok(decoder);
    const names = decoder.modules.map(({ name }) => name);
    assert.ok(names.includes('then_branch') && names.includes('else_branch'));
    const branch = decoder.nodes.find(({ operator }) => operator === 'If');
    const makers = new Set(decoder.nodes.flatMap(({ outputs }) => outputs));
    assert.ok(branch?.inputs.slice(1).every((input) => makers.has(input)));
    assert.ok((branch?.inputs.length ?? 0) > 2);
  });

  test('an attribute, and a shape, make blocks differ', () => {
    const layers = (axis: number): ModuleGraph =>
      drawn([
        node('Softmax', ['x'], ['a'], { name: '/layers.0/Softmax' }),
        node('Softmax', ['a'], ['b'], { name: '/layers.1/Softmax' }),
        node('Softmax', ['b'], ['y'], { name: '/layers.2/Softmax', attributes: { axis } }),
      ]);
    assert.deepEqual(equalModules(layers(0)), { '/layers/1': '/layers/0' });
  });

  test('what only serves a shape folds away, and what computes with it does not', () => {
    const { nodes } = drawn([
      node('Shape', ['x'], ['s']),
      node('ConstantOfShape', ['s'], ['zeros']),
      node('Add', ['x', 'zeros'], ['sum']),
      node('Shape', ['sum'], ['t']),
      node('Reshape', ['sum', 't'], ['y']),
    ]);
    assert.deepEqual(
      nodes.filter(({ isFolded }) => isFolded === true).map(({ operator }) => operator),
      ['Shape', 'Shape'],
    );
  });

  test('a node without a path belongs to what all its readers are in', () => {
    const found = drawn([
      node('Relu', ['x'], ['a'], { name: 'fused' }),
      node('Add', ['a', 'a'], ['b'], { name: '/layers.0/mlp/Add' }),
      node('Mul', ['a', 'b'], ['y'], { name: '/layers.0/mlp/Mul' }),
    ]);
    const [fused] = found.nodes;
    assert.equal(found.modules[fused?.module ?? 0]?.name, 'mlp');
  });

  test('a circle is told, and all its nodes are there', () => {
    const found = drawn([
      node('Add', ['x', 'b'], ['a'], { name: 'first' }),
      node('Relu', ['a'], ['b'], { name: 'second' }),
      node('Relu', ['b'], ['y'], { name: 'third' }),
    ]);
    assert.match(found.circular ?? '', /first|second/);
    assert.equal(found.nodes.length, 3);
  });

  test('a chain of 20,000 nodes in one module', () => {
    const nodes = Array.from({ length: 20_000 }, (_, at) =>
      node('Relu', [at === 0 ? 'x' : `v${at - 1}`], [at === 19_999 ? 'y' : `v${at}`], {
        name: `/chain/Relu_${at}`,
      }),
    );
    const found = drawn(nodes);
    assert.equal(found.nodes.length, 20_000);
    assert.equal(found.modules.length, 2);
  });
});
