import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { Dimension, Graph, Node, TensorRef } from '../../../../src/onnx/graph/model';
import { SHAPE_LIMITS } from '../../../../src/onnx/shapes/limits';
import { inferShapes, type InferredType } from '../../../../src/onnx/shapes/inferShapes';
import { graph, model, node, value, weight } from '../../../support/onnx/models';

/** A list of whole numbers that a graph holds. */
function list(name: string, ...numbers: number[]): [TensorRef, number[]] {
  return [weight(name, 'int64', numbers.length), numbers];
}

function infer(
  nodes: Node[],
  inputs: Record<string, Dimension[]>,
  lists: [TensorRef, number[]][] = [],
  more: Partial<Graph> = {},
): (name: string) => InferredType | undefined {
  const { initializers = [], ...parts } = more;
  const whole = model({
    nodes,
    inputs: Object.entries(inputs).map(([name, shape]) => value(name, shape)),
    initializers: [...lists.map(([tensor]) => tensor), ...initializers],
    ...parts,
  });
  const shapes = inferShapes(whole, new Map(lists));
  return (name) => shapes.typeOf(whole.graph, name);
}

suite('onnx/shapes, operator by operator', () => {
  const one = (opType: string, count: number, attributes = {}, domain = ''): Node =>
    node(
      opType,
      Array.from({ length: count }, (_, index) => 'abcdefgh'[index] ?? ''),
      ['y', 'z'],
      { attributes, domain },
    );

  const cases: {
    title: string;
    node: Node;
    inputs: Record<string, Dimension[]>;
    lists?: [TensorRef, number[]][];
    y: Dimension[] | undefined;
    z?: Dimension[];
  }[] = [
    {
      title: 'a name and 1 give the name; a number and a name the number',
      node: one('Add', 2),
      inputs: { a: ['n', 1, 8], b: ['m', 1] },
      y: ['n', 'm', 8],
    },
    {
      title: 'two names that may be 1 give nothing',
      node: one('Mul', 2),
      inputs: { a: ['n'], b: ['m'] },
      y: [null],
    },
    {
      title: 'a matrix product broadcasts what is before the matrices',
      node: one('MatMul', 2),
      inputs: { a: ['n', 4, 't', 8], b: [1, 4, 8, 's'] },
      y: ['n', 4, 't', 's'],
    },
    {
      title: 'a vector on the left is a row',
      node: one('MatMul', 2),
      inputs: { a: [8], b: ['n', 8, 3] },
      y: ['n', 3],
    },
    {
      title: 'Gemm transposes',
      node: one('Gemm', 2, { transA: 1, transB: 1 }),
      inputs: { a: [8, 'n'], b: [5, 8] },
      y: ['n', 5],
    },
    {
      title: 'Einsum',
      node: one('Einsum', 2, { equation: 'bqhd, bkhd -> bhqk' }),
      inputs: { a: ['b', 'q', 2, 8], b: ['b', 'k', 2, 8] },
      y: ['b', 2, 'q', 'k'],
    },
    {
      title: 'Reshape finds what is left',
      node: one('Reshape', 2),
      inputs: { a: ['n', 't', 64] },
      lists: [list('b', 0, -1, 4, 16)],
      y: ['n', 't', 4, 16],
    },
    {
      title: 'Reshape does not guess',
      node: one('Reshape', 2),
      inputs: { a: ['n', 't'] },
      lists: [list('b', -1, 4)],
      y: [null, 4],
    },
    {
      title: 'Reshape keeps a 0 where it is told so',
      node: one('Reshape', 2, { allowzero: 1 }),
      inputs: { a: [0, 't'] },
      lists: [list('b', 0, 7)],
      y: [0, 7],
    },
    {
      title: 'Transpose reverses, unless it is told the order',
      node: one('Transpose', 1),
      inputs: { a: ['n', 't', 8] },
      y: [8, 't', 'n'],
    },
    {
      title: 'Gather puts the indices where the axis was',
      node: one('Gather', 2, { axis: 1 }),
      inputs: { a: [3, 48, 16], b: ['n', 't'] },
      y: [3, 'n', 't', 16],
    },
    {
      title: 'Concat adds',
      node: one('Concat', 2, { axis: -2 }),
      inputs: { a: ['n', 'past', 8], b: ['n', 't', 8] },
      y: ['n', 'past + t', 8],
    },
    {
      title: 'Slice of fixed sizes, with a step, from the end',
      node: one('Slice', 5),
      inputs: { a: [10, 't'] },
      lists: [list('b', -8), list('c', -1), list('d', 0), list('e', 3)],
      y: [3, 't'],
    },
    {
      title: 'Slice up to the end',
      node: one('Slice', 4),
      inputs: { a: ['n', 't'] },
      lists: [list('b', 0), list('c', 2 ** 62), list('d', 1)],
      y: ['n', 't'],
    },
    {
      title: 'Slice that may be longer than what there is',
      node: one('Slice', 4),
      inputs: { a: ['n', 't'] },
      lists: [list('b', 0), list('c', 4), list('d', 1)],
      y: ['n', null],
    },
    {
      title: 'Split into equal parts',
      node: one('Split', 1, { axis: -1, num_outputs: 2 }),
      inputs: { a: ['n', 7] },
      y: ['n', 4],
      z: ['n', 3],
    },
    {
      title: 'Split into given parts',
      node: one('Split', 2, { axis: 1 }),
      inputs: { a: ['n', 7] },
      lists: [list('b', 1, 6)],
      y: ['n', 1],
      z: ['n', 6],
    },
    {
      title: 'Unsqueeze counts axes of the result',
      node: one('Unsqueeze', 2),
      inputs: { a: ['n', 't'] },
      lists: [list('b', -1, 1)],
      y: ['n', 1, 't', 1],
    },
    {
      title: 'Squeeze without axes, of a size that may be 1',
      node: one('Squeeze', 1),
      inputs: { a: ['n', 1] },
      y: undefined,
    },
    {
      title: 'ReduceMean keeps dimensions unless told otherwise',
      node: one('ReduceMean', 2),
      inputs: { a: ['n', 't', 8] },
      lists: [list('b', -1)],
      y: ['n', 't', 1],
    },
    {
      title: 'ReduceSum drops them',
      node: one('ReduceSum', 1, { axes: [1], keepdims: 0 }),
      inputs: { a: ['n', 't', 8] },
      y: ['n', 8],
    },
    {
      title: 'LayerNormalization also gives figures',
      node: one('LayerNormalization', 2),
      inputs: { a: ['n', 't', 8], b: [8] },
      y: ['n', 't', 8],
      z: ['n', 't', 1],
    },
    {
      title: 'Conv rounds down',
      node: one('Conv', 2, { strides: [5] }),
      inputs: { a: ['n', 1, 'samples'], b: [32, 1, 10] },
      y: ['n', 32, 'floor((samples - 10)/5) + 1'],
    },
    {
      title: 'Conv with pads and dilation',
      node: one('Conv', 2, { pads: [2, 2], dilations: [2] }),
      inputs: { a: ['n', 1, 20], b: [8, 1, 3] },
      y: ['n', 8, 20],
    },
    {
      title: 'TopK',
      node: one('TopK', 2),
      inputs: { a: ['n', 48] },
      lists: [list('b', 5)],
      y: ['n', 5],
      z: ['n', 5],
    },
    {
      title: 'Expand broadcasts both ways',
      node: one('Expand', 2),
      inputs: { a: ['n', 1, 8] },
      lists: [list('b', 1, 6, 1)],
      y: ['n', 6, 8],
    },
    {
      title: 'integers are added as real numbers are',
      node: one('QLinearAdd', 4, {}, 'com.microsoft'),
      inputs: { a: ['n', 4, 8], b: [], c: [], d: [8] },
      y: ['n', 4, 8],
    },
    {
      title: 'integers that are put together stand behind scales',
      node: one('QLinearConcat', 8, { axis: 1 }, 'com.microsoft'),
      inputs: { a: [], b: [], c: ['n', 4], d: [], e: [], f: ['n', 3], g: [], h: [] },
      y: ['n', 7],
    },
    {
      title: 'integers keep their shape',
      node: one('QLinearSoftmax', 3, {}, 'com.microsoft'),
      inputs: { a: ['n', 4], b: [], c: [] },
      y: ['n', 4],
    },
    {
      title: 'a product of integers with a bias',
      node: one('QGemm', 6, { transB: 1 }, 'com.microsoft'),
      inputs: { a: ['n', 4], b: [], c: [], d: [6, 4], e: [], f: [] },
      y: ['n', 6],
    },
    {
      title: 'a mean over positions of integers',
      node: one('QLinearGlobalAveragePool', 3, { channels_last: 0 }, 'com.microsoft'),
      inputs: { a: ['n', 4, 5, 6], b: [], c: [] },
      y: ['n', 4, 1, 1],
    },
    {
      title: 'MatMulBnb4 has the columns of its attribute',
      node: one('MatMulBnb4', 3, { K: 64, N: 96, quant_type: 1, block_size: 64 }, 'com.microsoft'),
      inputs: { a: ['n', 64], b: [3072], c: [96] },
      y: ['n', 96],
    },
    {
      title: 'grouped queries that come with keys and values: heads of all, and a cache',
      node: {
        ...one('GroupQueryAttention', 1, { num_heads: 4, kv_num_heads: 2 }, 'com.microsoft'),
        outputs: ['y', 'z'],
      },
      inputs: { a: ['n', 's', 128] },
      y: ['n', 's', 64],
      z: ['n', 2, null, 16],
    },
    {
      title: 'MatMulNBits has the columns of its attribute',
      node: one('MatMulNBits', 3, { K: 64, N: 96, bits: 4, block_size: 32 }, 'com.microsoft'),
      inputs: { a: ['n', 't', 64] },
      y: ['n', 't', 96],
    },
    {
      title: 'fused attention with its own dimensions for the values',
      node: one('Attention', 2, { num_heads: 2, qkv_hidden_sizes: [16, 16, 24] }, 'com.microsoft'),
      inputs: { a: ['n', 't', 16], b: [16, 56] },
      y: ['n', 't', 24],
    },
    {
      title: 'attention of ONNX, with three dimensions',
      node: one('Attention', 3, { q_num_heads: 4, kv_num_heads: 2 }),
      inputs: { a: ['n', 'q', 32], b: ['n', 'k', 16], c: ['n', 'k', 20] },
      y: ['n', 'q', 40],
      z: ['n', 2, 'k', 8],
    },
    { title: 'an operator of nobody', node: one('Mystery', 1), inputs: { a: [1] }, y: undefined },
    {
      title: 'the name of a property that all objects have',
      node: one('constructor', 1),
      inputs: { a: [1] },
      y: undefined,
    },
  ];
  for (const { title, node, inputs, lists, y, z } of cases) {
    test(`${node.opType}: ${title}`, () => {
      const found = infer([node], inputs, lists);
      assert.deepEqual(found('y')?.shape, y);
      if (z !== undefined) {
        assert.deepEqual(found('z')?.shape, z);
      }
    });
  }
});

suite('onnx/shapes, values', () => {
  test('a shape that is computed comes out', () => {
    const nodes = [
      node('Shape', ['x'], ['shape']),
      node('Gather', ['shape', 'second'], ['tokens']),
      node('Mul', ['tokens', 'two'], ['twice']),
      node('Concat', ['minus', 'twice', 'eight'], ['wanted'], { attributes: { axis: 0 } }),
      node('Reshape', ['x', 'wanted'], ['y']),
      node('Equal', ['wanted', 'minus'], ['isRest']),
      node('ConstantOfShape', ['rank'], ['ones'], {
        attributes: { value: weight('', 'int64', 1) },
      }),
      node('Where', ['isRest', 'ones', 'wanted'], ['target']),
      node('Expand', ['scalar', 'target'], ['expanded']),
    ];
    const value = nodes[6]?.attributes.get('value');
    assert.ok(value?.kind === 'tensor');
    const lists = [
      list('second', 1),
      list('two', 2),
      list('minus', -1),
      list('eight', 8),
      list('rank', 3),
      [value.value, [1]] as [TensorRef, number[]],
    ];
    const found = infer(nodes, { x: ['n', 't', 16] }, lists, {
      initializers: [weight('scalar', 'float32')],
    });
    assert.deepEqual(found('y')?.shape, ['n', '2*t', 8]);
    assert.deepEqual(found('expanded')?.shape, [1, '2*t', 8]);
  });

  test('a table that is cut to the tokens fits what it masks', () => {
    const nodes = [
      node('Shape', ['x'], ['tokens'], { attributes: { start: 1, end: 2 } }),
      node('Slice', ['table', 'zero', 'tokens', 'zero'], ['mask']),
      node('Add', ['x', 'mask'], ['y']),
    ];
    const lists = [list('zero', 0)];
    const tables = { initializers: [weight('table', 'float32', 32)] };
    const found = infer(nodes, { x: ['n', 't'] }, lists, tables);
    assert.deepEqual(found('mask')?.shape, ['min(32, t)']);
    assert.deepEqual(found('y')?.shape, ['n', 't']);
  });

  test('types follow casts and comparisons', () => {
    const nodes = [
      node('Cast', ['x'], ['half'], { attributes: { to: 10 } }),
      node('Less', ['half', 'half'], ['isLess']),
      node('Where', ['isLess', 'half', 'half'], ['y']),
      node('DynamicQuantizeLinear', ['x'], ['bytes', 'scale', 'zero']),
    ];
    const found = infer(nodes, { x: ['n'] });
    const types = ['half', 'isLess', 'y', 'bytes', 'scale'].map((name) => found(name)?.dtype);
    assert.deepEqual(types, ['float16', 'bool', 'float16', 'uint8', 'float32']);
  });

  test('what the file says fills in what cannot be inferred', () => {
    const values = new Map([['y', value('y', ['n', 5, 'told'])]]);
    const found = infer(
      [node('Mystery', ['x'], ['y']), node('Relu', ['y'], ['z'])],
      { x: ['n'] },
      [],
      {
        values,
      },
    );
    assert.deepEqual(found('z')?.shape, ['n', 5, 'told']);
  });

  test('an If has the sizes that its branches agree on', () => {
    const branch = (first: string, second: string): Graph =>
      graph({
        nodes: [node('Concat', [first, second], ['out'], { attributes: { axis: 1 } })],
        outputs: [{ name: 'out' }],
      });
    const branches = { then_branch: branch('x', 'x'), else_branch: branch('x', 'v') };
    const nodes = [node('If', ['switch'], ['y'], { attributes: branches })];
    const whole = model({
      nodes,
      inputs: [value('switch', [], 'bool'), value('x', ['n', 4]), value('v', ['n', 2])],
    });
    const shapes = inferShapes(whole);
    assert.deepEqual(shapes.typeOf(whole.graph, 'y'), { dtype: 'float32', shape: ['n', null] });
    assert.deepEqual(shapes.typeOf(branches.then_branch, 'out')?.shape, ['n', 8]);
  });
});

suite('onnx/shapes, given odd graphs', () => {
  test('nodes in any order', () => {
    const found = infer([node('Relu', ['b'], ['c']), node('Relu', ['a'], ['b'])], { a: ['n'] });
    assert.deepEqual(found('c')?.shape, ['n']);
  });

  test('a circle is left out, and what does not hang on it is not', () => {
    const nodes = [
      node('Add', ['a', 'y'], ['x']),
      node('Relu', ['x'], ['y']),
      node('Relu', ['a'], ['z']),
    ];
    const found = infer(nodes, { a: ['n'] });
    assert.equal(found('y'), undefined);
    assert.deepEqual(found('z')?.shape, ['n']);
  });

  test('a node that takes its own result', () => {
    assert.equal(infer([node('Relu', ['x'], ['x'])], {})('x'), undefined);
  });

  test('a shape of a thousand million dimensions', () => {
    const nodes = [
      node('ConstantOfShape', ['long'], ['y']),
      node('Unsqueeze', ['a', 'axes'], ['z']),
    ];
    const axes = Array.from({ length: SHAPE_LIMITS.elements }, (_, index) => index);
    const found = infer(nodes, { long: [1e9], a: ['n', 'm'] }, [list('axes', ...axes)]);
    assert.equal(found('y')?.shape, undefined);
    assert.equal(found('z')?.shape, undefined);
  });

  test('sums that double node by node', () => {
    const nodes = Array.from({ length: 2000 }, (_, index) =>
      node('Concat', [`v${index}`, `v${index}`], [`v${index + 1}`], { attributes: { axis: 0 } }),
    );
    const found = infer(nodes, { v0: ['n'] });
    assert.deepEqual(found('v3')?.shape, ['8*n']);
    assert.deepEqual(found('v2000')?.shape, [null]);
  });

  test('attributes and inputs that are missing, or not what they should be', () => {
    const operators = [
      ...['Reshape', 'Slice', 'Split', 'Concat', 'Gather', 'Einsum', 'Gemm', 'Conv', 'If', 'Pad'],
      ...[
        'Constant',
        'Transpose',
        'TopK',
        'OneHot',
        'Range',
        'Expand',
        'Tile',
        'Attention',
        'Flatten',
      ],
      ...[
        'ReduceMean',
        'LayerNormalization',
        'Unsqueeze',
        'Squeeze',
        'MaxPool',
        'GatherND',
        'Where',
      ],
    ];
    for (const operator of operators) {
      const lost = node(operator, [], ['y']);
      const odd = node(operator, ['', 'a', 'a', 'a'], ['y', '', 'z'], {
        attributes: { axis: -99, axes: [7, 7], perm: [5], split: [], equation: '->', pads: [1] },
      });
      const swapped = node(operator, ['a', 'b', 'b', 'b', 'b'], ['y'], {
        attributes: { axis: 'x' },
      });
      for (const each of [lost, odd, swapped]) {
        assert.doesNotThrow(() => infer([each], { a: ['n', 3] }, [list('b', -5, 0)]), operator);
      }
    }
  });
});
