import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findAttentionTaps } from '../../../../src/onnx/attention/findAttention';
import type { Attribute, Node, OnnxModel, ValueInfo } from '../../../../src/onnx/graph/model';
import type { AttentionTap } from '../../../../src/onnx/attention/tap';
import { Failure } from '../../../../src/shared/failure';
import { fixture, readBytes } from '../../../support/onnx/fixtures';

suite('onnx/attention/findAttention', () => {
  // That these are the right ones, test/unit/onnx/tap.test.ts proves by their numbers.
  const found: Record<string, [string, string]> = {
    'llama-eager': [
      '/model/layers.0/self_attn/Cast_5_output_0',
      '/model/layers.1/self_attn/Cast_5_output_0',
    ],
    'llama-sdpa': [
      '/model/layers.0/self_attn/Where_3_output_0',
      '/model/layers.1/self_attn/Where_3_output_0',
    ],
    'llama-sdpa-dynamo': ['val_244', 'val_414'],
    'gpt2-eager': ['/transformer/h.0/attn/Cast_output_0', '/transformer/h.1/attn/Cast_output_0'],
    'gpt2-sdpa': [
      '/transformer/h.0/attn/Where_1_output_0',
      '/transformer/h.1/attn/Where_1_output_0',
    ],
    'gpt2-eager-dynamo': ['softmax', 'softmax_1'],
  };
  for (const [name, values] of Object.entries(found)) {
    test(`finds the layers of ${name}.onnx`, async () => {
      const taps = findAttentionTaps(await readBytes(fixture(`${name}.onnx`)), 'test.onnx');
      assert.deepEqual(
        taps,
        values.map((value, layer): AttentionTap => ({
          id: `blocks.${layer}.attn`,
          component: 'decoder',
          kind: 'masked',
          layer,
          value,
          dtype: 'float32',
        })),
      );
    });
  }

  test('follows scale, bias, soft cap, mask and change of type', () => {
    const nodes = [
      node('MatMul', ['q', 'k'], 'products'),
      node('Div', ['products', 'root'], 'scaled'),
      node('Tanh', ['scaled'], 'capped'),
      node('Add', ['bias', 'capped'], 'biased'),
      node('Where', ['mask', 'biased', 'lowest'], 'masked'),
      node('Cast', ['masked'], 'wide', { to: { kind: 'int', value: 1 } }),
      node('Softmax', ['wide'], 'softmax', { axis: { kind: 'int', value: 3 } }),
      node('IsNaN', ['softmax'], 'unknown'),
      node('Where', ['unknown', 'zero', 'softmax'], 'certain'),
      node('Cast', ['certain'], 'narrow', { to: { kind: 'int', value: 10 } }),
      node('MatMul', ['narrow', 'v'], 'z'),
    ];
    assert.deepEqual(tapped(nodes), [['blocks.0.attn', 'narrow', 'float16']]);
  });

  test('orders layers by their module, else by their place in the graph', () => {
    const tenth = attention('a', '/model/layers.10/self_attn/');
    const second = attention('b', '/model/layers.2/self_attn/');
    assert.deepEqual(tapped([...tenth, ...second]), [
      ['blocks.2.attn', 'b.p', undefined],
      ['blocks.10.attn', 'a.p', undefined],
    ]);
    // As in ALBERT, whose layers share their weights and so their module.
    const shared = [...attention('a', '/layers.0/attn/'), ...attention('b', '/layers.0/attn/')];
    const unnamed = [...attention('a', ''), ...attention('b', '/model/layers.7/attn/')];
    for (const nodes of [shared, unnamed]) {
      assert.deepEqual(tapped(nodes), [
        ['blocks.0.attn', 'a.p', undefined],
        ['blocks.1.attn', 'b.p', undefined],
      ]);
    }
  });

  const none: { name: string; nodes: Node[] }[] = [
    {
      name: 'over another axis',
      nodes: attention('a', '', { axis: { kind: 'int', value: 1 } }),
    },
    {
      name: 'of a vocabulary',
      nodes: [
        node('MatMul', ['hidden', 'weight'], 'logits'),
        node('Softmax', ['logits'], 'p'),
        node('MatMul', ['p', 'v'], 'z'),
      ],
    },
    {
      name: 'that mixes constant vectors',
      nodes: [
        node('MatMul', ['q', 'k'], 'scores'),
        node('Softmax', ['scores'], 'p'),
        node('MatMul', ['p', 'weight'], 'z'),
      ],
    },
    {
      name: 'that is a right operand',
      nodes: [
        node('MatMul', ['q', 'k'], 'scores'),
        node('Softmax', ['scores'], 'p'),
        node('MatMul', ['v', 'p'], 'z'),
      ],
    },
    {
      name: 'whose scores are no product',
      nodes: [
        node('Conv', ['x', 'kernel'], 'scores'),
        node('Softmax', ['scores'], 'p'),
        node('MatMul', ['p', 'v'], 'z'),
      ],
    },
    {
      name: 'that nothing is multiplied with',
      nodes: [node('MatMul', ['q', 'k'], 'scores'), node('Softmax', ['scores'], 'p')],
    },
  ];
  for (const { name, nodes } of none) {
    test(`takes a Softmax ${name} for no attention`, () => {
      assert.deepEqual(tapped([...attention('real', ''), ...nodes]), [
        ['blocks.0.attn', 'real.p', undefined],
      ]);
      refuses(graphOf(nodes), /no attention layer/);
    });
  }

  test('knows the default axis of each version of Softmax', () => {
    const nodes = attention('a', '');
    assert.equal(findAttentionTaps(graphOf(nodes, 13), 'test.onnx').length, 1);
    refuses(graphOf(nodes, 12), /no attention layer/);
  });

  test('takes a Softmax for none if a weight is dequantised or turned before its product', () => {
    const prepared = [
      node('DequantizeLinear', ['weight', 'weight', 'weight'], 'whole'),
      node('Transpose', ['whole'], 'turned'),
    ];
    for (const [keys, values] of [
      ['turned', 'v'],
      ['k', 'turned'],
    ] as const) {
      const nodes = [
        ...prepared,
        node('MatMul', ['q', keys], 'scores'),
        node('Softmax', ['scores'], 'p'),
        node('MatMul', ['p', values], 'z'),
      ];
      refuses(graphOf(nodes), /no attention layer/);
    }
  });

  test('knows the Softmax with a bias of ONNX Runtime', () => {
    const axis: Attribute = { kind: 'int', value: 3 };
    const softmax = {
      ...node('BiasSoftmax', ['s', 'bias'], 'p', { axis }),
      domain: 'com.microsoft',
    };
    const nodes = [node('MatMul', ['q', 'k'], 's'), softmax, node('MatMul', ['p', 'v'], 'z')];
    assert.deepEqual(tapped(nodes), [['blocks.0.attn', 'p', undefined]]);
  });

  test('refuses a map whose heads nobody counts, and passes over one of five dimensions', () => {
    const nodes = [
      ...attention('a', '/layers.0/attn/'),
      node('Split', ['hidden'], 'a.v'),
      node('Constant', [], 'sizes', { value_ints: { kind: 'ints', value: [-1, 3, 3] } }),
      node('Reshape', ['folded', 'sizes'], 'a.q'),
      node('Constant', [], 'more', { value_ints: { kind: 'ints', value: [1, 2, 2, 3, 3] } }),
      node('Reshape', ['other', 'sizes'], 'a.k'),
    ];
    refuses(graphOf(nodes), /how many heads there are.*layers\.0/);
    const fivefold = nodes.map((one) =>
      one.opType === 'Reshape' ? { ...one, inputs: ['folded', 'more'] } : one,
    );
    refuses(graphOf(fivefold), /no attention layer/);
  });

  test('counts heads by what goes into the layer behind them, as torch.nn.MultiheadAttention has it', () => {
    const nodes = [
      node('Constant', [], 'sizes', { value_ints: { kind: 'ints', value: [-1, 3, 3] } }),
      ...['q', 'k', 'v'].map((name) => node('Reshape', [`folded.${name}`, 'sizes'], `a.${name}`)),
      ...attention('a', '/layers.0/attn/'),
      node('Transpose', ['a.z'], 'turned'),
      node('Reshape', ['turned', 'flat'], 'together'),
      node('MatMul', ['together', 'projection'], 'out'),
    ];
    const model = graphOf(nodes);
    model.graph.initializers.push({
      name: 'projection',
      dtype: 'float32',
      dims: [12, 8],
      data: { kind: 'none' },
    });
    const [tap] = findAttentionTaps(model, 'test.onnx', 'encoder-only');
    const operators = tap?.added?.nodes?.map(({ opType }) => opType) ?? [];
    assert.ok(operators.includes('Div'), 'heads are no quotient');
    const numbers = (tap?.added?.initializers ?? []).map(({ bytes }) =>
      Number(new DataView(bytes.buffer).getBigInt64(0, true)),
    );
    assert.ok(numbers.includes(12), 'the width is not that of the layer behind');

    // Exporters store the weights of layers that are alike once, under the name of the first.
    model.graph.nodes = nodes.map((each) =>
      each.opType === 'MatMul' && each.inputs[1] === 'projection'
        ? { ...each, inputs: ['together', 'copied'] }
        : each,
    );
    model.graph.nodes.push(node('Identity', ['projection'], 'copied'));
    assert.equal(findAttentionTaps(model, 'test.onnx', 'encoder-only').length, 1);
  });

  test('takes weights that are inputs for no tokens', () => {
    const nodes = [
      ...['q', 'k', 'v'].map((name) => node('MatMul', ['text', `weight.${name}`], `a.${name}`)),
      ...attention('a', ''),
    ];
    const model = graphOf(nodes, 14);
    const input = (name: string, ...shape: (number | string)[]): ValueInfo => ({
      name,
      type: { kind: 'tensor', dtype: 'float32', shape },
    });
    const weights = ['q', 'k', 'v'].map((name) => input(`weight.${name}`, 8, 8));
    model.graph.inputs = [{ name: 'text' }, ...weights];
    const kinds = findAttentionTaps(model, 'test.onnx').map(({ kind }) => kind);
    assert.deepEqual(kinds, ['self']);
    // What has a place for tokens is no weight: queries of one text, keys of another.
    model.graph.inputs = [{ name: 'text' }, input('weight.q', 'b', 't', 8)];
    assert.deepEqual(
      findAttentionTaps(model, 'test.onnx').map(({ kind }) => kind),
      ['cross'],
    );
  });

  test('takes a graph that goes on from what is past for a decoder', () => {
    for (const [past, kind] of [
      ['past_0', 'masked'],
      ['past.0.key', 'masked'],
      ['past_key_values.0.key', 'masked'],
      ['pastime', 'self'],
    ] as const) {
      const nodes = [
        node('Identity', ['text'], 'a.q'),
        node('Concat', [past, 'text'], 'a.k'),
        node('Identity', ['text'], 'a.v'),
        ...attention('a', ''),
      ];
      const found = findAttentionTaps(graphOf(nodes, 14, ['text', past]), 'test.onnx');
      assert.deepEqual([past, ...found.map((tap) => tap.kind)], [past, kind]);
    }
  });

  test('leaves out layers that gather a text by learned queries, but not those after them', () => {
    const nodes = [
      node('Shape', ['text'], 'rows'),
      node('Expand', ['weight', 'rows'], 'a.q'),
      node('Identity', ['text'], 'a.k'),
      node('Identity', ['text'], 'a.v'),
      ...attention('a', ''),
      node('MatMul', ['a.z', 'weight'], 'gathered'),
      ...['q', 'k', 'v'].map((name) => node('Identity', ['gathered'], `b.${name}`)),
      ...attention('b', ''),
    ];
    const found = findAttentionTaps(graphOf(nodes, 14, ['text']), 'test.onnx');
    assert.deepEqual(
      found.map(({ id, value }) => [id, value]),
      [['blocks.0.attn', 'b.p']],
    );
  });

  test('takes no attention whose results are put behind those of others', () => {
    const blocks = (join: Node): Node[] => [
      ...attention('a', ''),
      ...attention('b', ''),
      node('Unsqueeze', ['a.z'], 'a.block', { axes: { kind: 'ints', value: [2] } }),
      node('Unsqueeze', ['b.z'], 'b.block', { axes: { kind: 'ints', value: [2] } }),
      join,
    ];
    const join = (axis: number): Node =>
      node('Concat', ['a.block', 'b.block'], 'all', { axis: { kind: 'int', value: axis } });
    refuses(graphOf(blocks(join(2))), /in parts, such as blocks/);
    refuses(graphOf(blocks(node('MatMul', ['a.block', 'b.block'], 'all'))), /in parts/);
    // Heads of one layer are put together along the last axis.
    assert.equal(findAttentionTaps(graphOf(blocks(join(-1))), 'test.onnx').length, 2);
  });

  test('knows a decoder whose queries are learned by its names, and what comes before it', () => {
    const layer = (prefix: string, path: string, queries: string, keys: string): Node[] => [
      node('MatMul', [queries, 'weight'], `${prefix}.q`),
      node('Identity', [keys], `${prefix}.k`),
      node('Identity', [keys], `${prefix}.v`),
      ...attention(prefix, path),
      node('MatMul', [`${prefix}.z`, 'weight'], `${prefix}.out`),
    ];
    const nodes = [
      ...layer('a', '/encoder/layers.0/self_attn/', 'picture', 'picture'),
      node('Shape', ['picture'], 'rows'),
      node('Expand', ['weight', 'rows'], 'learned'),
      ...layer('b', '/decoder/layers.0/encoder_attn/', 'learned', 'a.out'),
      ...layer('c', '/decoder/layers.1/self_attn/', 'b.out', 'b.out'),
      ...layer('d', '/decoder/layers.1/encoder_attn/', 'c.out', 'a.out'),
    ];
    const found = findAttentionTaps(graphOf(nodes, 14, ['picture']), 'test.onnx');
    assert.deepEqual(
      found.map(({ id, value }) => [id, value]),
      [
        ['encoder.blocks.0.attn', 'a.p'],
        ['decoder.blocks.1.attn', 'c.p'],
        ['decoder.blocks.0.cross_attn', 'b.p'],
        ['decoder.blocks.1.cross_attn', 'd.p'],
      ],
    );
  });

  test('refuses more layers than any model has', () => {
    const layers = (count: number): Node[] =>
      Array.from({ length: count }, (_, layer) => attention(`l${layer}`, '')).flat();
    assert.equal(tapped(layers(256)).length, 256);
    refuses(graphOf(layers(257)), /257 attention layers, and at most 256/);
  });

  test('counts the uses of a result once, however often a node lists it', () => {
    // Three dimensions, so that the uses of the product are looked at: 10^10 in pairs.
    const many = new Array<string>(100_000).fill('a.z');
    const nodes = attention('a', '').map((one) =>
      one.outputs.includes('a.z') ? { ...one, outputs: many } : one,
    );
    const model = graphOf([...nodes, { ...node('Concat', [], 'end'), inputs: many }]);
    const type = { kind: 'tensor' as const, shape: [null, null, null] };
    const graph = { ...model.graph, values: new Map([['a.p', { name: 'a.p', type }]]) };
    refuses({ ...model, graph }, /heads and the batch in one dimension/);
  });

  test('names a node of a circle', () => {
    const circle = [node('Add', ['p', 'p'], 's'), node('Softmax', ['s'], 'p')];
    const named = circle.map((one) => ({ ...one, name: `/loop/${one.opType}` }));
    refuses(graphOf([...attention('a', ''), ...named]), /circle.*\/loop\/Add/, 'model');
    refuses(graphOf(named), /circle/, 'model');
    const later = node('Identity', ['b.z'], 'a.q');
    assert.deepEqual(tapped([...attention('a', ''), ...attention('b', ''), later]), [
      ['blocks.0.attn', 'b.p', undefined],
      ['blocks.1.attn', 'a.p', undefined],
    ]);
  });

  test('names values in branches by their site', async () => {
    const taps = findAttentionTaps(await readBytes(fixture('branches.onnx')), 'test.onnx');
    assert.deepEqual(taps, [
      {
        id: 'decoder.blocks.0.cross_attn',
        component: 'decoder',
        kind: 'cross',
        layer: 0,
        value: 'decoder.blocks.0.cross_attn.hook_pattern',
        branch: { node: 0, branch: 'else_branch', value: 'pattern' },
        dtype: 'float32',
      },
    ]);
  });

  test('takes the branch of a switch that is false, through what stands before it', () => {
    const cast = node('Cast', ['switch'], 's', { to: { kind: 'int', value: 9 } });
    for (const [condition, branch] of [
      [[], 'else_branch'],
      [[node('Not', ['switch'], 'c')], 'then_branch'],
      [[cast, node('Squeeze', ['s'], 'c')], 'else_branch'],
      [[cast, node('Not', ['s'], 'n'), node('Not', ['n'], 'c')], 'else_branch'],
    ] as const) {
      const [onFalse, onTrue] = branch === 'else_branch' ? ['in', 'out'] : ['out', 'in'];
      const switched = condition.length === 0 ? 'switch' : 'c';
      const nodes = [...condition, choice(switched, onFalse, onTrue)];
      const model = graphOf(nodes, 14, ['switch']);
      const [tap, ...others] = findAttentionTaps(model, 'test.onnx', 'decoder-only');
      assert.deepEqual(others, []);
      assert.deepEqual(tap?.branch, { node: nodes.length - 1, branch, value: 'in.p' });
    }
  });

  const unknown: Record<string, Node[]> = {
    'whose switch is computed': [node('Less', ['switch', 'one'], 'c'), choice('c', 'a', 'b')],
    'whose first step has none': [choice('switch', undefined, 'a')],
    'of a loop': [
      node('Loop', ['', 'switch'], 'y', {
        body: { kind: 'graph', value: graphOf(attention('a', '')).graph },
      }),
    ],
    'of a branch in a branch': [
      node('If', ['switch'], 'y', {
        else_branch: {
          kind: 'graph',
          value: graphOf([...attention('a', ''), choice('switch', 'b', 'c')]).graph,
        },
      }),
    ],
  };
  for (const [name, nodes] of Object.entries(unknown)) {
    test(`refuses attention inside a graph ${name}`, () => {
      refuses(graphOf(nodes, 14, ['switch']), /inside the operator (If|Loop).*not merged/);
    });
  }

  test('takes a branch without attention as it comes', () => {
    const branch = graphOf([node('Identity', ['x'], 'y')]).graph;
    const choice = node('If', ['c'], 'y', { then_branch: { kind: 'graph', value: branch } });
    assert.equal(tapped([...attention('a', ''), choice]).length, 1);
  });
});

function node(
  opType: string,
  inputs: string[],
  output: string,
  attributes: Record<string, Attribute> = {},
): Node {
  return {
    name: '',
    opType,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(Object.entries(attributes)),
    metadata: new Map(),
  };
}

/** The least that is an attention; its values begin with `prefix`. */
function attention(prefix: string, path: string, softmax: Record<string, Attribute> = {}): Node[] {
  return [
    node('MatMul', [`${prefix}.q`, `${prefix}.k`], `${prefix}.s`),
    { ...node('Softmax', [`${prefix}.s`], `${prefix}.p`, softmax), name: `${path}Softmax` },
    node('MatMul', [`${prefix}.p`, `${prefix}.v`], `${prefix}.z`),
  ];
}

/** An `If` with an attention in each branch, whose values begin with the prefix; or with none. */
function choice(condition: string, onFalse: string | undefined, onTrue: string | undefined): Node {
  const body = (prefix: string | undefined): Attribute => ({
    kind: 'graph',
    value: graphOf(prefix === undefined ? [] : attention(prefix, '')).graph,
  });
  return node('If', [condition], 'y', { then_branch: body(onTrue), else_branch: body(onFalse) });
}

function graphOf(nodes: Node[], opset = 14, inputs: string[] = []): OnnxModel {
  const graph = {
    name: 'test',
    nodes,
    inputs: inputs.map((name) => ({ name })),
    outputs: [],
    values: new Map(),
    initializers: [
      { name: 'weight', dtype: 'float32' as const, dims: [0], data: { kind: 'none' as const } },
    ],
    sparseInitializers: [],
  };
  return {
    irVersion: 8,
    producer: { name: '', version: '' },
    opsets: new Map([['', opset]]),
    metadata: new Map(),
    graph,
    functions: [],
    training: [],
  };
}

function tapped(nodes: Node[]): [string, string, string | undefined][] {
  return findAttentionTaps(graphOf(nodes), 'test.onnx', 'decoder-only').map(
    ({ id, value, dtype }) => [id, value, dtype],
  );
}

function refuses(model: OnnxModel, message: RegExp, kind: Failure['kind'] = 'unsupported'): void {
  assert.throws(
    () => findAttentionTaps(model, 'test.onnx'),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
      return true;
    },
  );
}
