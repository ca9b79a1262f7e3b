import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { Node } from '../../../../src/onnx/graph/model';
import { moduleName, modulePlace, modulesAround } from '../../../../src/onnx/graph/modulePath';

/** What one node tells, in each of the three ways that are asked for. */
interface Case {
  title: string;
  name?: string;
  namespace?: string;
  layer?: number;
  crosses?: boolean;
  around: string | undefined;
  full: string;
}

const cases: Case[] = [
  {
    title: 'a path that TorchScript made the name',
    name: '/model/layers.3/self_attn/q_proj/MatMul',
    layer: 3,
    around: 'model/layers/3/self_attn/q_proj',
    full: 'model.layers.3.self_attn.q_proj',
  },
  {
    title: 'what the optimiser of ONNX Runtime adds',
    name: '/model/layers.3/mlp/up_proj/MatMul/MatMulAddFusion',
    layer: 3,
    around: 'model/layers/3/mlp/up_proj/MatMul',
    full: 'model.layers.3.mlp.up_proj',
  },
  { title: 'the model itself', name: '/Add_1', around: '', full: '' },
  { title: 'a node that a tool added', name: 'Attention_7', around: undefined, full: '' },
  {
    title: 'a path that does not begin at the root',
    name: 'decoder/layers.1/encoder_attn/Softmax',
    layer: 1,
    crosses: true,
    around: undefined,
    full: 'decoder.layers.1.encoder_attn',
  },
  {
    title: 'pairs of names and classes, of the second call of a module',
    namespace:
      ': m.Bart/model: m.BartModel/model.decoder.layers.0: m.Layer/model.decoder.layers.0.encoder_attn@1: m.Attention/linear_4: aten.linear',
    layer: 0,
    around: 'model:BartModel/decoder/layers/0:Layer/encoder_attn@1:Attention',
    full: 'model.decoder.layers.0.encoder_attn',
  },
  {
    title: 'pairs of no module',
    namespace:
      '_empty_nn_module_stack_from_metadata_hook: _empty_nn_module_stack_from_metadata_hook/sym_size_int_23: aten.sym_size.int',
    around: '',
    full: '',
  },
];

suite('onnx/graph: the module of a node', () => {
  for (const { title, layer, crosses = false, around, full, ...written } of cases) {
    test(title, () => {
      const node = nodeOf(written);
      assert.deepEqual(modulePlace(node), { crosses, ...(layer !== undefined && { layer }) });
      const modules = modulesAround(node);
      const told = modules?.map(({ name, type }) =>
        type === undefined ? name : `${name}:${type}`,
      );
      assert.equal(told?.join('/'), around);
      assert.equal(moduleName(node), full);
    });
  }
});

function nodeOf({ name = '', namespace }: { name?: string; namespace?: string }): Node {
  return {
    name,
    opType: 'MatMul',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: new Map(),
    metadata: new Map(namespace === undefined ? [] : [['namespace', namespace]]),
  };
}
