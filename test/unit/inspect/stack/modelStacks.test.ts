import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { modelStacks } from '../../../../src/inspect/stack/modelStacks';
import type { WeightValues } from '../../../../src/inspect/stack/weightValues';
import { findAttentionLayers } from '../../../../src/onnx/attention/findAttention';
import type { Node, OnnxModel, TensorRef } from '../../../../src/onnx/graph/model';
import { storedWeights } from '../../../../src/onnx/outline/storedWeights';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';
import type { ModelStack } from '../../../../src/shared/modelStack';
import type { Matrix } from '../../../../src/weights/matrix';
import { model, node, value, weight } from '../../../support/onnx/models';

const WIDTH = 8;

/** Weights of which nothing can be read. */
const UNREADABLE: WeightValues = {
  matrix: () => undefined,
  elements: () => Promise.resolve(undefined),
  isSame: () => false,
};

function stacksOf(of: OnnxModel, values = UNREADABLE): Promise<ModelStack[]> {
  return modelStacks([
    {
      file: 'model.onnx',
      model: of,
      layers: findAttentionLayers(of, 'model.onnx'),
      shapes: inferShapes(of),
      weights: storedWeights(of),
      values,
    },
  ]);
}

/** Words and places added, one attention of one head over the sum `h0`, and what is behind: `h1`. */
function withAttention(behind: Node[], tensors: TensorRef[], output: string): OnnxModel {
  const square = (name: string): TensorRef => weight(name, 'float32', WIDTH, WIDTH);
  return model({
    inputs: [
      value('input_ids', [1, 'tokens'], 'int64'),
      value('position_ids', [1, 'tokens'], 'int64'),
    ],
    outputs: [value(output, [1, 'tokens', WIDTH])],
    initializers: [
      weight('words', 'float32', 50, WIDTH),
      weight('places', 'float32', 20, WIDTH),
      ...['q', 'k', 'v', 'o'].map(square),
      ...tensors,
    ],
    nodes: [
      node('Gather', ['words', 'input_ids'], ['word']),
      node('Gather', ['places', 'position_ids'], ['place']),
      node('Add', ['word', 'place'], ['h0']),
      node('MatMul', ['h0', 'q'], ['query']),
      node('MatMul', ['h0', 'k'], ['key']),
      node('MatMul', ['h0', 'v'], ['value']),
      node('Transpose', ['key'], ['turned'], { attributes: { perm: [0, 2, 1] } }),
      node('MatMul', ['query', 'turned'], ['scores']),
      node('Softmax', ['scores'], ['map'], { attributes: { axis: -1 } }),
      node('MatMul', ['map', 'value'], ['mixed']),
      node('MatMul', ['mixed', 'o'], ['projected']),
      ...(behind[0]?.opType === 'SkipSimplifiedLayerNormalization'
        ? [] // It has this sum in it.
        : [node('Add', ['h0', 'projected'], ['h1'])]),
      ...behind,
    ],
  });
}

suite('inspect, stacks from a graph', () => {
  test('a table whose numbers cannot be read is neither sines nor learned', async () => {
    const plain = withAttention([], [], 'h1');
    const [found, ...others] = await stacksOf(plain);
    assert.deepEqual(others, []);
    assert.deepEqual(found?.positions, [{ kind: 'table', positions: 20, width: WIDTH }]);
    assert.equal(found.embedding?.vocabulary, 50);
    assert.equal(found.unembedding, undefined);
    assert.deepEqual(
      found.blocks.map(({ parameters, parts }) => [parameters, parts.map(({ kind }) => kind)]),
      [[4 * WIDTH * WIDTH, ['attention']]],
    );
  });

  test('sines and cosines are told by their numbers, side by side or in halves', async () => {
    const plain = withAttention([], [], 'h1');
    const kindOf = async (numbers: (position: number, i: number) => number) => {
      const matrix: Matrix = {
        rows: 20,
        columns: WIDTH,
        isQuantized: false,
        read: (row, column, count) =>
          Promise.resolve({
            values: Float32Array.from({ length: count }, (_, i) => numbers(row, column + i)),
            errors: new Float32Array(count),
          }),
      };
      const [found] = await stacksOf(plain, { ...UNREADABLE, matrix: () => matrix });
      return found?.positions[0]?.kind;
    };
    const angle = (position: number, pair: number) => position / 10_000 ** ((2 * pair) / WIDTH);
    const sideBySide = (position: number, i: number) =>
      (i % 2 === 0 ? Math.sin : Math.cos)(angle(position, Math.floor(i / 2)));
    const inHalves = (position: number, i: number) =>
      (i < WIDTH / 2 ? Math.sin : Math.cos)(angle(position, i % (WIDTH / 2)));
    assert.equal(await kindOf(sideBySide), 'sinusoidal');
    assert.equal(await kindOf(inHalves), 'sinusoidal');
    assert.equal(await kindOf((position, i) => inHalves(position, i) * 0.9), 'learned');
    // Numbers on the circle that are the same for each position tell none.
    assert.equal(await kindOf((_, i) => (i < WIDTH / 2 ? 0 : 1)), 'learned');
  });

  test('experts in one operator', async () => {
    const moe = node('MoE', ['flat', 'routed', 'up', '', 'down', '', 'gate', ''], ['chosen'], {
      domain: 'com.microsoft',
      attributes: { activation_type: 'silu', k: 2 },
    });
    const found = await stacksOf(
      withAttention(
        [
          node(
            'SkipSimplifiedLayerNormalization',
            ['h0', 'projected', 'norm'],
            ['flat', '', '', 'sum'],
            {
              domain: 'com.microsoft',
            },
          ),
          node('MatMul', ['flat', 'router'], ['routed']),
          moe,
          node('Add', ['sum', 'chosen'], ['h2']),
        ],
        [
          weight('norm', 'float32', WIDTH),
          weight('router', 'float32', WIDTH, 4),
          weight('up', 'float32', 4, 16, WIDTH),
          weight('down', 'float32', 4, WIDTH, 16),
          weight('gate', 'float32', 4, 16, WIDTH),
        ],
        'h2',
      ),
    );
    const part = found[0]?.blocks[0]?.parts[1];
    assert.deepEqual(part, {
      kind: 'feedForward',
      widths: [WIDTH, 16, WIDTH],
      activation: 'SiLU',
      isGated: true,
      experts: 4,
      norms: ['before'],
      norm: 'rmsNorm',
      parameters: 4 * WIDTH + 3 * 4 * 16 * WIDTH,
      normParameters: WIDTH,
      isParallel: false,
    });
  });

  test('a hundred thousand sums behind one another are looked through in time', async () => {
    const count = 100_000;
    const chain = Array.from({ length: count }, (_, i) =>
      node('Add', [`h${i + 1}`, `h${i}`], [`h${i + 2}`]),
    );
    const start = performance.now();
    const [found] = await stacksOf(withAttention(chain, [], `h${count + 1}`));
    assert.equal(found?.blocks[0]?.parts[0]?.kind, 'attention');
    assert.ok(performance.now() - start < 20_000);
  }).timeout(60_000);

  test('a result that is added nowhere is on no stream', async () => {
    const whole = withAttention([], [], 'projected');
    const nodes = whole.graph.nodes.filter(({ outputs }) => outputs[0] !== 'h1');
    assert.deepEqual(await stacksOf({ ...whole, graph: { ...whole.graph, nodes } }), []);
  });
});
