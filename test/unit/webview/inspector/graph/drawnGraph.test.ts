import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { ModuleGraph } from '../../../../../src/shared/moduleGraph';
import {
  drawnGraph,
  type DrawnGraph,
  type DrawingWords,
} from '../../../../../webview/inspector/graph/drawnGraph';
import { Index } from '../../../../../webview/inspector/graph/graphIndex';
import { firstPlace, placeAt } from '../../../../../webview/inspector/graph/graphPlace';
import { layOut } from '../../../../../webview/inspector/graph/layout';
import { layoutRequest } from '../../../../../webview/inspector/graph/layoutRequest';
import { pathTo } from '../../../../../webview/inspector/graph/steps';

const words: DrawingWords = {
  parameters: String,
  blocks: (count) => `× ${count}`,
  nodes: (count) => `${count} nodes`,
  site: 'site',
};

/** `layers` equal layers of an attention and a Relu in a row, between one input and one output. */
function stack(layers: number): ModuleGraph {
  const modules: ModuleGraph['modules'] = [
    { name: '', nodes: 3 * layers, parameters: 0 },
    { name: 'layers', parent: 0, nodes: 3 * layers, parameters: 0 },
  ];
  const nodes: ModuleGraph['nodes'] = [];
  const values: ModuleGraph['values'] = [{ name: 'x', shape: ['n', 8] }];
  for (let layer = 0; layer < layers; layer++) {
    const module = modules.length;
    modules.push({
      ...{ name: String(layer), parent: 1, nodes: 3, parameters: 0 },
      ...(layer === 0 ? {} : { equalTo: 2 }),
    });
    for (const operator of ['Softmax', 'Reshape', 'Transpose']) {
      nodes.push({
        ...{ name: `${layer} ${operator}`, operator, module },
        inputs: [values.length - 1],
        outputs: [values.length],
        ...(operator === 'Softmax' ? { site: `blocks.${layer}.attn` } : {}),
      });
      values.push({ name: `v${values.length}`, shape: ['n', 8] });
    }
  }
  return {
    ...{ file: 'm.onnx', modules, nodes, values, inputs: [0], outputs: [values.length - 1] },
  };
}

function draw(graph: ModuleGraph, open: readonly number[]): DrawnGraph {
  return drawnGraph(graph, new Index(graph), new Set([0, ...open]), words);
}

const labels = ({ boxes }: DrawnGraph): string[] => boxes.map(({ label }) => label);

suite('webview: what is drawn of a graph', () => {
  test('closed modules are one box, equal ones beside each other, too', () => {
    const graph = stack(6);
    assert.deepEqual(labels(draw(graph, [])), ['x', 'layers', 'v18']);
    const open = draw(graph, [1]);
    assert.deepEqual(labels(open), ['x', 'layers.0 … 5', 'v18']);
    assert.equal(open.boxes[1]?.aside, '× 6');
    assert.deepEqual(
      open.edges.map(({ id }) => id),
      ['input x → module 2', 'module 2 → output v18'],
    );
  });

  test('an opened block stands between the others; what only changes layout is one box', () => {
    const { boxes, frames } = draw(stack(6), [1, 4]);
    assert.deepEqual(labels({ boxes, edges: [], frames }), [
      ...['x', 'layers.0 … 1', 'Softmax', 'Reshape, Transpose', 'layers.3 … 5', 'v18'],
    ]);
    assert.deepEqual(
      frames.map(({ module, parent }) => [module, parent]),
      [
        [1, undefined],
        [4, 1],
      ],
    );
  });

  test('inputs whose names differ in numbers alone are one', () => {
    const graph = stack(1);
    graph.values.push(
      ...[0, 1, 2, 3].map((layer) => ({ name: `past.${layer}.key`, dtype: 'float32' })),
    );
    graph.inputs.push(4, 5, 6, 7);
    graph.nodes[0]?.inputs.push(4, 5, 6, 7);
    const found = draw(graph, [1, 2]);
    assert.ok(labels(found).includes('past.i.key × 4'));
    assert.ok(found.edges.some(({ values }) => values.length === 4));
  });

  test('the first place is the first attention; any other opens what is around it', () => {
    const graph = stack(3);
    const index = new Index(graph);
    const first = firstPlace(graph, index);
    assert.deepEqual([...first.open], [0, 1, 2]);
    assert.deepEqual(first.chosen, { node: 0 });
    assert.deepEqual([...placeAt(first, { node: 8 }, index).open], [0, 1, 2, 4]);
    assert.deepEqual([...placeAt(first, { module: 4 }, index).open], [0, 1, 2]);
  });

  test('a place is the node of its name, or one that makes or reads its value', () => {
    const index = new Index(stack(2));
    assert.equal(index.nodeAt({ node: '1 Reshape' }), 4);
    assert.equal(index.nodeAt({ value: 'x' }), 0);
    assert.equal(index.nodeAt({ value: 'v1' }), 0);
    assert.equal(index.nodeAt({ node: 'gone' }), undefined);
  });

  test('the way from the input goes through what is between', () => {
    const drawn = draw(stack(6), [1, 4]);
    const target = drawn.boxes.find(({ label }) => label === 'Softmax');
    const lit = pathTo(drawn, target);
    assert.ok(lit);
    assert.equal(lit.input, 'x');
    assert.equal(lit.boxes.size, 3);
    assert.equal(lit.edges.size, 2);
    assert.equal(pathTo(drawn, undefined), undefined);
  });

  test('is laid out downwards, boxes apart and within their frames', () => {
    const drawn = draw(stack(6), [1, 4]);
    const width = {
      box: (text: string) => text.length * 7,
      edge: (text: string) => text.length * 6,
    };
    const request = layoutRequest(drawn, new Map(), width);
    const { boxes, frames, edges } = layOut(request);
    assert.equal(edges.length, drawn.edges.length);
    boxes.forEach((one, at) => {
      for (const other of boxes.slice(at + 1)) {
        const isApart =
          one.left + one.width <= other.left ||
          other.left + other.width <= one.left ||
          one.top + one.height <= other.top ||
          other.top + other.height <= one.top;
        assert.ok(isApart, `${one.id} and ${other.id} overlap`);
      }
    });
    const tops = new Map(boxes.map(({ id, top }) => [id, top]));
    for (const { from, to } of drawn.edges) {
      assert.ok((tops.get(from) ?? 0) < (tops.get(to) ?? 0), `${from} is not above ${to}`);
    }
    const inner = frames.find(({ module }) => module === 4);
    const softmax = boxes.find(
      ({ id }) => id === drawn.boxes.find(({ label }) => label === 'Softmax')?.id,
    );
    assert.ok(inner && softmax);
    assert.ok(inner.top + 20 < softmax.top && softmax.top < inner.top + inner.height);
  });
});
