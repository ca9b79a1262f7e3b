import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { Node, TensorRef } from '../../../src/onnx/graph/model';
import { bindWeights } from '../../../src/weights/bindWeights';
import type { BoundParameter, BoundWeights } from '../../../src/weights/parameters';
import { tiedParameters } from '../../../src/weights/ties';
import { folder as onnxFixtures } from '../../support/onnx/fixtures';
import { families, openModel } from '../../support/weights/files';
import { graph, model, node, tensor } from '../../support/weights/graphs';

suite('weights/bindWeights', () => {
  test('a linear layer of either exporter is named by its module and transposed', () => {
    const layer = 'model.layers.3.mlp.up_proj';
    const namespace = `: M/model: N/model.layers.3.mlp: O/${layer}: torch.nn.Linear/linear_1: aten.linear`;
    for (const [name, more] of [
      ['/model/layers.3/mlp/up_proj/MatMul', {}],
      ['node_linear_1', { namespace }],
      ['node_linear_1', { namespace: namespace.replaceAll('layers.3', 'layers.3@1') }],
    ] as const) {
      const weights = bound(
        [tensor('x::1', [4, 6])],
        [node('MatMul', name, ['h', 'x::1'], 'y', more)],
      );
      const weight = only(weights);
      assert.equal(weight.name, `${layer}.weight`);
      assert.deepEqual(weight.dims, [6, 4]);
      assert.equal(weight.transposed, true);
      assert.equal(weight.from, 'use');
      assert.equal(weight.altered, false);
    }
  });

  test('a name that a tensor carries counts, in the layout that it has', () => {
    const name = 'h.0.attn.c_attn.weight';
    const weight = only(
      bound([tensor(name, [4, 12])], [node('Gemm', '/h.0/attn/c_attn/Gemm', ['x', name], 'y')]),
    );
    assert.deepEqual([weight.name, weight.dims, weight.transposed], [name, [4, 12], false]);
    assert.equal(weight.from, 'name');
  });

  test('Gemm with transB has its weight as the parameter is; its third input is the bias', () => {
    const gemm = (transB: number): Node =>
      node('Gemm', '/pooler/dense/Gemm', ['x', 'w', 'b'], 'y', {
        attributes: { transB: { kind: 'int', value: transB } },
      });
    for (const [transB, dims] of [
      [1, [4, 6]],
      [0, [6, 4]],
    ] as const) {
      const { parameters } = bound([tensor('w', [4, 6]), tensor('b', [6])], [gemm(transB)]);
      assert.deepEqual(parameters.get('pooler.dense.weight')?.dims, dims);
      assert.deepEqual(parameters.get('pooler.dense.bias')?.dims, [6]);
    }
  });

  test('a weight that is transposed, cast or handed on by nodes is the same weight', () => {
    const weight = only(
      bound(
        [tensor('emb.weight_half', [9, 4], 'float16')],
        [
          node('Cast', '', ['emb.weight_half'], 'emb.weight'),
          node('Identity', '', ['emb.weight'], 'same'),
          node('Transpose', 'x::1/Transpose', ['same'], 't'),
          node('Gather', '/emb/Gather', ['emb.weight', 'ids'], 'h'),
          node('MatMul', '/emb/MatMul', ['h', 't'], 'y'),
        ],
      ),
    );
    assert.deepEqual([weight.name, weight.dims, weight.transposed], ['emb.weight', [9, 4], false]);
  });

  test('a tensor that stands for several parameters has all their names', async () => {
    const { model: llama } = await openModel(path.join(onnxFixtures, 'llama-eager.onnx'));
    const { parameters } = bindWeights(llama);
    const first = parameters.get('model.layers.0.input_layernorm.weight');
    assert.deepEqual([...(first?.names ?? [])].sort(), [
      'model.layers.0.input_layernorm.weight',
      'model.layers.0.post_attention_layernorm.weight',
      'model.layers.1.input_layernorm.weight',
      'model.layers.1.post_attention_layernorm.weight',
      'model.norm.weight',
    ]);
    const last = parameters.get('model.norm.weight');
    assert.equal(last?.tensor, first?.tensor);
    assert.equal(last?.from, 'use');
  });

  test('a tied output layer: stored twice, or once and once transposed', async () => {
    const file = (exporter: string): string =>
      path.join(families, 'gpt2', `${exporter}-eager`, 'model.onnx');
    const twice = await openModel(file('torchscript'));
    const separate = bindWeights(twice.model);
    assert.deepEqual(separate.parameters.get('lm_head.weight')?.names, ['lm_head.weight']);
    const tied = [['lm_head.weight', 'transformer.wte.weight']];
    assert.deepEqual(sorted(await tiedParameters(separate, twice.reader)), tied);
    const once = await openModel(file('dynamo'));
    const together = bindWeights(once.model);
    const head = together.parameters.get('lm_head.weight');
    assert.deepEqual([...(head?.names ?? [])].sort(), tied[0]);
    assert.deepEqual(
      head?.copies.map(({ transposed }) => transposed),
      [true],
    );
    assert.deepEqual(sorted(await tiedParameters(together, once.reader)), tied);
  });

  test('an output layer of its own is not tied', async () => {
    const { model: llama, reader } = await openModel(
      path.join(families, 'llama/torchscript-eager/model.onnx'),
    );
    assert.deepEqual(await tiedParameters(bindWeights(llama), reader), []);
  });

  test('branches share what is around them, and may have copies of their own', () => {
    const branch = (tensors: TensorRef[], weight: string): ReturnType<typeof graph> =>
      graph(tensors, [node('MatMul', '/fc/MatMul', ['x', weight], 'y')]);
    const choice = (then: TensorRef[], other: TensorRef[], names: [string, string]): Node =>
      node('If', 'optimum::if', ['cached'], 'z', {
        attributes: {
          then_branch: { kind: 'graph', value: branch(then, names[0]) },
          else_branch: { kind: 'graph', value: branch(other, names[1]) },
        },
      });
    const outer = tensor('x::1_merged_0', [4, 6]);
    const shared = only(bound([outer], [choice([], [], [outer.name, outer.name])]));
    assert.deepEqual([shared.name, shared.copies], ['fc.weight', []]);
    const own = [tensor('x::1', [4, 6]), tensor('x::2', [4, 6])] as const;
    const copied = only(bound([], [choice([own[0]], [own[1]], ['x::1', 'x::2'])]));
    assert.deepEqual([copied.tensor, copied.copies.length], [own[0], 1]);
  });

  test('two tensors that one module uses alike are not told apart', () => {
    const tensors = [tensor('x::1', [4, 4]), tensor('x::2', [4, 4])];
    const { parameters, unbound } = bound(
      tensors,
      tensors.map(({ name }, i) => node('MatMul', `/attn/MatMul_${i}`, ['x', name], `y${i}`)),
    );
    assert.equal(parameters.size, 0);
    assert.deepEqual(
      unbound.map((stored) => stored.tensor),
      tensors,
    );
  });

  test('a kernel that a norm was folded into is said to be altered, though it keeps its name', () => {
    for (const [bias, altered] of [
      ['conv.weight_bias', true],
      ['conv.bias', false],
    ] as const) {
      const { parameters } = bound(
        [tensor('conv.weight', [4, 1, 3]), tensor(bias, [4])],
        [node('Conv', 'node_conv', ['x', 'conv.weight', bias], 'y')],
      );
      assert.equal(parameters.get('conv.weight')?.altered, altered);
    }
  });

  test('what the exporter made of a norm’s weight is said to be altered', () => {
    const weight = only(
      bound(
        [tensor('onnx::Mul_812', [4])],
        [node('Mul', '/norm/Mul_1', ['x', 'onnx::Mul_812'], 'y')],
      ),
    );
    assert.deepEqual([weight.name, weight.altered], ['norm.weight', true]);
  });

  test('scales, masks, positions and single numbers are no parameters', () => {
    const { parameters, unbound } = bound(
      [
        tensor('eps', []),
        tensor('one', [1]),
        tensor('ids', [1, 8], 'int64'),
        tensor('onnx::Add_5', [1, 1, 8, 8]),
      ],
      [
        node('Add', '/norm/Add', ['x', 'eps'], 'a'),
        node('Mul', '/attn/Mul', ['a', 'one'], 'b'),
        node('Gather', '/emb/Gather', ['ids', 'i'], 'c'),
        node('Add', '/attn/Add', ['b', 'onnx::Add_5'], 'd'),
        node('MatMul', '/attn/MatMul', ['c', 'd'], 'e'),
      ],
    );
    assert.equal(parameters.size, 0);
    assert.deepEqual(
      unbound.map((stored) => stored.tensor.name),
      ['onnx::Add_5'],
    );
  });

  test('the scales of packed attention are no parameters', async () => {
    const file = path.join(onnxFixtures, '../fused/operators/quantized-columns-past.onnx');
    const { parameters, unbound } = bindWeights((await openModel(file)).model);
    assert.deepEqual([...parameters.keys()], []);
    assert.ok(!unbound.some(({ tensor }) => /scale|zero/.test(tensor.name)));
  });

  test('what a module around uses of a parameter gives it no second name', () => {
    const name = 'vit.embeddings.position_embeddings';
    const weight = only(
      bound([tensor(name, [1, 1, 4])], [node('Add', '/vit/embeddings/Add', ['x', name], 'y')]),
    );
    assert.deepEqual(weight.names, [name]);
  });

  test('integers are bound with scale and zero point, whatever these are called', () => {
    const weight = tensor('x::1_quantized', [4, 6], 'int8');
    for (const prefix of ['x::1', 'x::7']) {
      const scale = tensor(`${prefix}_scale`, [6]);
      const zeroPoint = tensor(`${prefix}_zero_point`, [6], 'int8');
      const inputs = ['a', weight.name, 'a_zero', zeroPoint.name];
      const weights = bound(
        [weight, scale, zeroPoint],
        [
          node('Mul', '/fc/MatMul_quant_scales_mul', ['a_scale', scale.name], 's'),
          node('MatMulInteger', '/fc/MatMul_quant', inputs, 'i'),
          node('Cast', 'i_cast', ['i'], 'f'),
          node('Mul', '/fc/MatMul_quant_output_scale_mul', ['f', 's'], 'y'),
        ],
      );
      const { name, dims, quantization } = only(weights);
      assert.deepEqual([name, dims], ['fc.weight', [6, 4]]);
      assert.deepEqual(quantization, { kind: 'linear', scale, zeroPoint, axis: 1 });
      assert.deepEqual(weights.unbound, []);
    }
  });

  test('a table of integers has the scale of what is looked up', () => {
    const table = tensor('emb.weight_quantized', [9, 4], 'uint8');
    const [scale, zeroPoint] = [tensor('s', []), tensor('z', [], 'uint8')];
    const { name, quantization } = only(
      bound(
        [table, scale, zeroPoint],
        [
          node('Gather', '/emb/Gather_quant', [table.name, 'ids'], 'q'),
          node('DequantizeLinear', '/emb/Gather_DequantizeLinear', ['q', 's', 'z'], 'y'),
        ],
      ),
    );
    assert.equal(name, 'emb.weight');
    assert.deepEqual(quantization, { kind: 'linear', scale, zeroPoint, axis: 1 });
  });

  test('integers without a scale are no parameter', () => {
    const { parameters } = bound(
      [tensor('x::1', [4, 6], 'int8')],
      [node('MatMulInteger', '/fc/MatMul', ['a', 'x::1'], 'i')],
    );
    assert.equal(parameters.size, 0);
  });

  test('packed attention of GPT-2, whose own layer is packed as well', () => {
    const { parameters } = bound(
      [tensor('qkv', [4, 12]), tensor('qkv_bias', [12]), tensor('h.0.attn.c_proj.weight', [4, 4])],
      [
        node('com.microsoft:Attention', 'Attention_0', ['x', 'qkv', 'qkv_bias'], 'a'),
        node('Reshape', '', ['a', 'shape'], 'b'),
        node('Gemm', '/h.0/attn/c_proj/Gemm', ['b', 'h.0.attn.c_proj.weight'], 'y'),
      ],
    );
    assert.deepEqual(parameters.get('h.0.attn.c_attn.weight')?.dims, [4, 12]);
    assert.deepEqual(parameters.get('h.0.attn.c_attn.bias')?.dims, [12]);
    assert.equal(parameters.size, 3);
  });

  test('a named weight that the quantiser transposed, and a Conv1D that it did not', () => {
    const weights = bound(
      ['pooler.dense', 'h.0.mlp.c_fc'].flatMap((module) => [
        tensor(`${module}.weight_quantized`, [4, 6], 'int8'),
        tensor(`${module}.weight_scale`, []),
      ]),
      ['pooler.dense', 'h.0.mlp.c_fc'].map((module) =>
        node(
          'MatMulInteger',
          `/${module.replaceAll('.', '/')}/Gemm_MatMul_quant`,
          ['x', `${module}.weight_quantized`],
          module,
        ),
      ),
    );
    assert.deepEqual(weights.parameters.get('pooler.dense.weight')?.dims, [6, 4]);
    assert.deepEqual(weights.parameters.get('h.0.mlp.c_fc.weight')?.dims, [4, 6]);
    assert.equal(weights.parameters.size, 2);
  });

  test('a product without a module is named by the bias behind it', () => {
    const { parameters } = bound(
      [tensor('val_9', [4, 6]), tensor('fc.bias', [6])],
      [
        node('MatMul', 'MatMul_7', ['x', 'val_9'], 'p'),
        node('Add', 'Add_8', ['fc.bias', 'p'], 'y'),
      ],
    );
    assert.deepEqual(parameters.get('fc.weight')?.dims, [6, 4]);
  });

  test('names of ONNX Runtime’s model builder', () => {
    const name = 'model.layers.0.attn.q_proj.MatMul.weight';
    const weight = only(
      bound(
        [tensor(name, [4, 6])],
        [node('MatMul', '/model/layers.0/attn/q_proj/MatMul', ['x', name], 'y')],
      ),
    );
    assert.deepEqual(
      [weight.name, weight.dims],
      ['model.layers.0.self_attn.q_proj.weight', [6, 4]],
    );
  });

  test('norms of the builder may be altered', () => {
    const norm = tensor('model.layers.0.input_layernorm.weight', [6]);
    const nodes = [node('SimplifiedLayerNormalization', '', ['x', norm.name], 'y')];
    const file = model([norm], nodes);
    const built = { ...file, producer: { name: 'onnxruntime-genai', version: '' } };
    assert.deepEqual(
      [file, built].map((each) => only(bindWeights(each)).altered),
      [false, true],
    );
  });

  test('what the builder packs, norms of heads, and no tables of angles', () => {
    const layer = 'model.layers.0.attn';
    const [weight, bias] = [`${layer}.qkv_proj.MatMul.weight`, `${layer}.qkv_proj.Add.bias`];
    const inputs = ['q', '', '', '', '', '', '', 'cos_cache', 'sin_cache'];
    const { parameters, unbound } = bound(
      [
        tensor(weight, [6, 32]),
        tensor(bias, [32]),
        tensor(`${layer}.q_norm.layernorm.weight`, [4]),
        tensor('model.layers.1.final_norm_layernorm.weight', [6]),
        tensor('cos_cache', [8, 2]),
        tensor('sin_cache', [8, 2]),
      ],
      [
        node('MatMul', '/model/layers.0/attn/qkv_proj/MatMul', ['x', weight], 'p'),
        node('Add', '/model/layers.0/attn/qkv_proj/Add', ['p', bias], 'q'),
        node('com.microsoft:GroupQueryAttention', '/model/layers.0/attn/GQA', inputs, 'y', {
          attributes: {
            num_heads: { kind: 'int', value: 4 },
            kv_num_heads: { kind: 'int', value: 2 },
          },
        }),
      ],
    );
    const attention = 'model.layers.0.self_attn';
    assert.deepEqual(
      Array.from(parameters, ([name, { dims, part }]) => [name, dims, part?.start]).sort(),
      [
        [`${attention}.k_proj.bias`, [8], 16],
        [`${attention}.k_proj.weight`, [8, 6], 16],
        [`${attention}.q_norm.weight`, [4], undefined],
        [`${attention}.q_proj.bias`, [16], 0],
        [`${attention}.q_proj.weight`, [16, 6], 0],
        [`${attention}.qkv_proj.bias`, [32], undefined],
        [`${attention}.qkv_proj.weight`, [32, 6], undefined],
        [`${attention}.v_proj.bias`, [8], 24],
        [`${attention}.v_proj.weight`, [8, 6], 24],
        ['model.norm.weight', [6], undefined],
      ],
    );
    assert.deepEqual(unbound, []);
  });
});

function bound(initializers: TensorRef[], nodes: Node[]): BoundWeights {
  return bindWeights(model(initializers, nodes));
}

/** The one parameter that there is. */
function only({ parameters }: BoundWeights): BoundParameter {
  const [parameter, ...others] = parameters.values();
  assert.ok(parameter);
  assert.deepEqual(others, []);
  return parameter;
}

function sorted(groups: string[][]): string[][] {
  return groups.map((group) => [...group].sort());
}
