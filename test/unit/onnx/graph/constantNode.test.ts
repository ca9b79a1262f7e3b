import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { Dataflow } from '../../../../src/onnx/graph/dataflow';
import type { Attribute, Graph, OnnxModel, TensorRef } from '../../../../src/onnx/graph/model';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';

const tensor: TensorRef = { name: '', dtype: 'float16', dims: [2, 3], data: { kind: 'none' } };
const sparse = { values: { ...tensor, dims: [1] }, indices: tensor, dims: [4, 5] };

const cases: { attribute: Attribute; dtype?: string; dims?: number[] }[] = [
  { attribute: { kind: 'tensor', value: tensor }, dtype: 'float16', dims: [2, 3] },
  { attribute: { kind: 'sparse', value: sparse }, dtype: 'float16', dims: [4, 5] },
  { attribute: { kind: 'int', value: 7 }, dtype: 'int64', dims: [] },
  { attribute: { kind: 'ints', value: [7, 8] }, dtype: 'int64', dims: [2] },
  { attribute: { kind: 'ints', value: [] }, dtype: 'int64', dims: [0] },
  { attribute: { kind: 'float', value: 0.5 }, dtype: 'float32', dims: [] },
  { attribute: { kind: 'floats', value: [0.5] }, dtype: 'float32', dims: [1] },
  { attribute: { kind: 'string', value: 'a' }, dtype: 'string', dims: [] },
  { attribute: { kind: 'strings', value: ['a', 'b', 'c'] }, dtype: 'string', dims: [3] },
  { attribute: { kind: 'other' } },
];

suite('onnx/graph: what a Constant holds', () => {
  for (const { attribute, dtype, dims } of cases) {
    const written = attribute.kind === 'ints' ? `ints [${attribute.value.join()}]` : attribute.kind;
    test(`${written}: type and shape, for attention and for the inference of shapes`, () => {
      const { graph } = modelOf(attribute);
      const flow = new Dataflow(graph);
      assert.equal(flow.isConstant('c'), true);
      assert.deepEqual([flow.dtype('c'), flow.shape('c')], [dtype, dims]);
      assert.deepEqual(
        flow.storedTensor('c')?.dims,
        attribute.kind === 'tensor' ? dims : undefined,
      );
      const inferred = inferShapes({ ...modelOf(attribute), graph }).typeOf(graph, 'c');
      assert.deepEqual([inferred?.dtype, inferred?.shape], [dtype, dims]);
    });
  }

  test('its whole numbers are followed, an empty list among them', () => {
    const { graph, ...rest } = modelOf({ kind: 'ints', value: [] });
    const reshape = { ...node('Reshape', ['x', 'c'], 'y'), attributes: new Map() };
    const whole: Graph = {
      ...graph,
      nodes: [...graph.nodes, reshape],
      inputs: [{ name: 'x', type: { kind: 'tensor', dtype: 'float32', shape: [1] } }],
    };
    assert.deepEqual(inferShapes({ ...rest, graph: whole }).typeOf(whole, 'y')?.shape, []);
  });

  test('an operator of that name in another domain holds nothing', () => {
    const { graph } = modelOf({ kind: 'int', value: 7 });
    const foreign = graph.nodes.map((each) => ({ ...each, domain: 'com.example' }));
    assert.equal(new Dataflow({ ...graph, nodes: foreign }).isConstant('c'), false);
  });
});

function node(opType: string, inputs: string[], output: string): Graph['nodes'][number] {
  return {
    name: '',
    opType,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(),
    metadata: new Map(),
  };
}

function modelOf(attribute: Attribute): OnnxModel {
  return {
    irVersion: 8,
    producer: { name: '', version: '' },
    opsets: new Map([['', 17]]),
    metadata: new Map(),
    functions: [],
    training: [],
    graph: {
      name: '',
      nodes: [{ ...node('Constant', [], 'c'), attributes: new Map([['value', attribute]]) }],
      inputs: [],
      outputs: [],
      values: new Map(),
      initializers: [],
      sparseInitializers: [],
    },
  };
}
