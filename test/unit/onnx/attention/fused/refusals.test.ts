import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findAttentionTaps } from '../../../../../src/onnx/attention/findAttention';
import type {
  Attribute,
  Graph,
  ModelFunction,
  Node,
  OnnxModel,
} from '../../../../../src/onnx/graph/model';
import { Failure } from '../../../../../src/shared/failure';

const MICROSOFT = 'com.microsoft';

suite('onnx/attention/fused, what has no map', () => {
  for (const [domain, opType, message] of [
    [MICROSOFT, 'PackedAttention', /in one row and runs on graphics processors/],
    [MICROSOFT, 'PackedMultiHeadAttention', /in one row and runs on graphics processors/],
    [MICROSOFT, 'PagedAttention', /in one row and runs on graphics processors/],
    [MICROSOFT, 'SparseAttention', /some parts of the attention map/],
    [MICROSOFT, 'LongformerAttention', /some parts of the attention map/],
    [MICROSOFT, 'DecoderMaskedSelfAttention', /runs on graphics processors alone/],
    [MICROSOFT, 'DecoderAttention', /runs on graphics processors alone/],
    ['trt.plugins', 'FlashAttention', /trt\.plugins\.FlashAttention, which does not output/],
  ] as const) {
    test(`says why ${domain}.${opType} has none`, () => {
      const node = operator(opType, { domain, name: '/layers.0/attn' });
      refuses(modelOf([node]), message, `${domain}.${opType}`, '/layers.0/attn');
      // A part of the layers would be numbered wrong.
      refuses(modelOf([softmaxed(), node].flat()), message, '/layers.0/attn');
    });
  }

  for (const [setting, node] of [
    ['do_rotary', projected({ attributes: { do_rotary: int(1) } })],
    ['past_present_share_buffer', projected({ attributes: { past_present_share_buffer: int(1) } })],
    ['no bias', projected({ inputs: ['x', 'w'] })],
    ['computed weights', projected({ inputs: ['x', 'y', 'b'] })],
    [
      'cache_indirection',
      operator('MultiHeadAttention', { inputs: ['q', 'k', 'v', '', '', '', '', '', '', 'c'] }),
    ],
    [
      'cache_indirection',
      operator('DecoderMaskedMultiHeadAttention', {
        inputs: ['q', 'k', 'v', '', '', '', '', '', '', 'c'],
      }),
    ],
    [
      'q_norm_weight',
      operator('GroupQueryAttention', { inputs: [...Array<string>(14).fill('x'), 'norm'] }),
    ],
  ] as const) {
    test(`refuses ${node.opType} with ${setting}`, () => {
      refuses(modelOf([node]), `${MICROSOFT}.${node.opType} is used with ${setting}`);
    });
  }

  test('refuses Attention in a file too old for the operators to be added', () => {
    refuses(modelOf([projected({})], { opset: 10 }), 'opset 10');
    assert.equal(tapped(modelOf([projected({})], { opset: 11 })).length, 1);
  });

  for (const [domain, opType] of [
    ['', 'LinearAttention'],
    [MICROSOFT, 'LinearAttention'],
    [MICROSOFT, 'GatedDeltaNet'],
    ['', 'Scan'],
    ['', 'LSTM'],
  ] as const) {
    const name = domain === '' ? opType : `${domain}.${opType}`;

    test(`says that ${name} is a kind of layer without a map`, () => {
      const node = operator(opType, { domain });
      refuses(modelOf([node]), `together by ${name}`, 'no attention map');
      const inside = operator('If', { domain: '', attributes: { then_branch: graph([node]) } });
      refuses(modelOf([inside]), `together by ${name}`);
    });

    test(`finds attention beside ${name}`, () => {
      assert.equal(tapped(modelOf([operator(opType, { domain }), ...softmaxed()])).length, 1);
    });
  }

  test('says that probabilities of integers are not read', () => {
    const softmax = operator('QLinearSoftmax', {});
    refuses(modelOf([softmax]), `${MICROSOFT}.QLinearSoftmax`, 'QuantFormat.QDQ');
    const inside = operator('If', { domain: '', attributes: { then_branch: graph([softmax]) } });
    refuses(modelOf([inside]), `${MICROSOFT}.QLinearSoftmax`);
  });

  test('finds attention between the quantizers of ONNX Runtime', () => {
    const scores = operator('MatMul', { domain: '', inputs: ['q', 'k'] });
    const rounded = (inputs: string[]): Node[] => {
      const integers = operator('QuantizeLinear', { inputs });
      return [integers, operator('DequantizeLinear', { inputs: integers.outputs })];
    };
    const before = rounded(scores.outputs);
    const softmax = operator('Softmax', { domain: '', inputs: before[1]?.outputs ?? [] });
    const after = rounded(softmax.outputs);
    const inputs = [...(after[1]?.outputs ?? []), 'v'];
    const product = operator('MatMul', { domain: '', inputs });
    assert.equal(tapped(modelOf([scores, ...before, softmax, ...after, product])).length, 1);
  });

  test('says that attention is inside a function', () => {
    const bodies = [softmaxed(), [operator('Attention', { domain: '' })]];
    for (const nodes of bodies) {
      const called = { domain: 'pkg.test', name: 'SelfAttention', nodes, defaults: new Map() };
      const call = operator('SelfAttention', { domain: 'pkg.test' });
      refuses(
        modelOf([call], { functions: [called] }),
        'function pkg.test.SelfAttention',
        'inline',
      );
    }
  });

  test('takes a call for no attention because of its name', () => {
    const called = { domain: 'pkg.test', name: 'SelfAttention', nodes: [], defaults: new Map() };
    const call = operator('SelfAttention', { domain: 'pkg.test' });
    assert.equal(tapped(modelOf([call, ...softmaxed()], { functions: [called] })).length, 1);
  });

  test('refuses fused attention in a loop, and in a branch within a branch', () => {
    const attention = operator('MultiHeadAttention', { inputs: ['q', 'k', 'v'] });
    const loop = operator('Loop', { domain: '', attributes: { body: graph([attention]) } });
    refuses(modelOf([loop]), 'inside the operator Loop');
    let nested = [attention];
    for (let depth = 0; depth < 30; depth++) {
      const branches = { then_branch: graph([]), else_branch: graph(nested) };
      nested = [operator('If', { domain: '', inputs: ['switch'], attributes: branches })];
    }
    refuses(modelOf(nested), 'inside the operator If', 'not merged');
  });

  test('needs no value that the file lacks', () => {
    for (const opType of ['Attention', 'QAttention', 'MultiHeadAttention', 'GroupQueryAttention']) {
      try {
        tapped(modelOf([operator(opType, { inputs: [] })]));
      } catch (error) {
        assert.ok(error instanceof Failure, String(error));
      }
    }
  });
});

interface Parts {
  domain?: string;
  name?: string;
  inputs?: string[];
  attributes?: Record<string, Attribute>;
}

function operator(
  opType: string,
  { domain = MICROSOFT, name = '', inputs = ['x'], attributes = {} }: Parts,
): Node {
  return {
    name,
    opType,
    domain,
    inputs,
    outputs: [`${opType}.${inputs.join('.')}`],
    attributes: new Map(Object.entries(attributes)),
    metadata: new Map(),
  };
}

function projected(parts: Parts): Node {
  return operator('Attention', { inputs: ['x', 'w', 'b'], ...parts });
}

/** The least that is an attention. */
function softmaxed(): Node[] {
  const scores = operator('MatMul', { domain: '', inputs: ['q', 'k'] });
  const softmax = operator('Softmax', { domain: '', inputs: scores.outputs });
  return [scores, softmax, operator('MatMul', { domain: '', inputs: [...softmax.outputs, 'v'] })];
}

function int(value: number): Attribute {
  return { kind: 'int', value };
}

function graph(nodes: Node[]): Attribute {
  return { kind: 'graph', value: graphOf(nodes) };
}

function graphOf(nodes: Node[]): Graph {
  return {
    name: 'test',
    nodes,
    inputs: [{ name: 'switch' }],
    outputs: [],
    values: new Map(),
    initializers: [{ name: 'w', dtype: 'float32', dims: [6, 24], data: { kind: 'none' } }],
    sparseInitializers: [],
  };
}

function modelOf(
  nodes: Node[],
  { opset = 14, functions = [] }: { opset?: number; functions?: ModelFunction[] } = {},
): OnnxModel {
  return {
    irVersion: 8,
    producer: { name: '', version: '' },
    opsets: new Map([['', opset]]),
    metadata: new Map(),
    graph: graphOf(nodes),
    functions,
    training: [],
  };
}

function tapped(model: OnnxModel) {
  return findAttentionTaps(model, 'test.onnx', 'decoder-only');
}

function refuses(model: OnnxModel, ...messages: (RegExp | string)[]): void {
  assert.throws(
    () => tapped(model),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.kind, 'unsupported');
      for (const message of messages) {
        const isSaid =
          typeof message === 'string'
            ? error.message.includes(message)
            : message.test(error.message);
        assert.ok(isSaid, `"${error.message}" lacks ${message}`);
      }
      return true;
    },
  );
}
