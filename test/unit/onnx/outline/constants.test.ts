import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { Node, TensorRef } from '../../../../src/onnx/graph/model';
import { storedWeights } from '../../../../src/onnx/outline/storedWeights';
import { model, node, weight } from '../../../support/onnx/models';

suite('onnx/outline: constants', () => {
  test('integers, truth values and single numbers are none of the parameters', () => {
    const kinds = kindsOf(
      [
        weight('buckets', 'int64', 32, 32),
        weight('/model/causal', 'bool', 1, 1, 32, 32),
        weight('onnx::Pow_12', 'float32'),
        weight('epsilon', 'float32', 1),
        weight('model.constants.q_scale', 'float32', 1),
        weight('logit_scale', 'float32'),
        weight('score.bias', 'float32', 1),
        weight('onnx::Add_7', 'float32', 16),
      ],
      [
        node('Gather', ['buckets', 'ids'], ['bucket']),
        node('Where', ['/model/causal', 'x', 'y'], ['masked']),
        node('Pow', ['x', 'onnx::Pow_12'], ['squares']),
        node('Add', ['x', 'epsilon'], ['above']),
        node('Mul', ['x', 'model.constants.q_scale'], ['q']),
        node('Mul', ['x', 'logit_scale'], ['logits']),
        node('Add', ['x', 'score.bias'], ['score']),
        node('Add', ['x', 'onnx::Add_7'], ['y']),
      ],
    );
    assert.deepEqual(kinds, {
      buckets: 'integer',
      '/model/causal': 'integer',
      'onnx::Pow_12': 'number',
      epsilon: 'number',
      'model.constants.q_scale': 'number',
      logit_scale: undefined,
      'score.bias': undefined,
      'onnx::Add_7': undefined,
    });
  });

  test('scales and zero points of integers, those for the columns included', () => {
    const kinds = kindsOf(
      [
        weight('w_quantized', 'int8', 16, 24),
        weight('w_scale', 'float32', 24),
        weight('w_zero_point', 'int8', 24),
        weight('table', 'uint8', 40, 16),
        weight('table_scale', 'float32'),
        weight('table_zero_point', 'uint8'),
        weight('bias', 'int32', 24),
        weight('bias_scale', 'float32', 24),
      ],
      [
        node('DynamicQuantizeLinear', ['x'], ['q', 'q_scale', 'q_zero_point']),
        node('MatMulInteger', ['q', 'w_quantized', 'q_zero_point', 'w_zero_point'], ['sums']),
        node('Mul', ['q_scale', 'w_scale'], ['scales']),
        node('Gather', ['table', 'ids'], ['rows']),
        node('DequantizeLinear', ['rows', 'table_scale', 'table_zero_point'], ['embedded']),
        node('DequantizeLinear', ['bias', 'bias_scale'], ['added']),
        node('Add', ['sums', 'added'], ['y']),
      ],
    );
    assert.deepEqual(kinds, {
      w_quantized: undefined,
      w_scale: 'scale',
      w_zero_point: 'scale',
      table: undefined,
      table_scale: 'scale',
      table_zero_point: 'scale',
      bias: undefined,
      bias_scale: 'scale',
    });
  });

  test('angles: what rotary operators take, and what leads to sines and cosines alone', () => {
    const rotary = (to: string): Node =>
      node('RotaryEmbedding', ['x', 'ids', 'cosines', 'sines'], [to], { domain: 'com.microsoft' });
    const kinds = kindsOf(
      [
        weight('cosines', 'float32', 128, 8),
        weight('sines', 'float32', 128, 8),
        weight('val_1', 'float32', 1, 8, 1),
        weight('val_2', 'float32', 1, 8, 1),
        weight('time.weight', 'float32', 8, 1),
        weight('model.rotary_emb.inv_freq', 'float32', 8),
      ],
      [
        rotary('turned'),
        node('MatMul', ['val_1', 'positions'], ['products']),
        node('Transpose', ['products'], ['angles']),
        node('Cos', ['angles'], ['c']),
        node('Sin', ['angles'], ['s']),
        node('MatMul', ['val_2', 'positions'], ['other']),
        node('Cos', ['other'], ['oc']),
        node('Relu', ['other'], ['or']),
        node('MatMul', ['time.weight', 'positions'], ['learned']),
        node('Sin', ['learned'], ['ls']),
      ],
    );
    assert.deepEqual(kinds, {
      cosines: 'angle',
      sines: 'angle',
      val_1: 'angle',
      val_2: undefined,
      'time.weight': undefined,
      'model.rotary_emb.inv_freq': 'buffer',
    });
  });

  test('masks, and buffers without a name', () => {
    const named = (opType: string, name: string, inputs: string[], output: string): Node =>
      node(opType, inputs, [output], { name });
    const kinds = kindsOf(
      [
        weight('onnx::Where_3', 'float32', 32, 32),
        weight('onnx::Add_9', 'float32', 1, 40),
        weight('onnx::Add_8', 'float32', 40),
        weight('model.decoder.embed_positions.weights', 'float32', 34, 16),
      ],
      [
        node('Where', ['condition', 'onnx::Where_3', 'x'], ['masked']),
        named('MatMul', '/lm_head/MatMul', ['x', 'w'], 'logits'),
        named('Add', '/Add', ['logits', 'onnx::Add_9'], 'shifted'),
        named('Add', '/lm_head/Add', ['logits', 'onnx::Add_8'], 'biased'),
        node('Gather', ['model.decoder.embed_positions.weights', 'ids'], ['positions']),
      ],
    );
    assert.deepEqual(kinds, {
      'onnx::Where_3': 'mask',
      'onnx::Add_9': 'buffer',
      'onnx::Add_8': undefined,
      'model.decoder.embed_positions.weights': 'buffer',
    });
  });
});

/** What each initializer is, by name; undefined for parameters. */
function kindsOf(initializers: TensorRef[], nodes: Node[]): Record<string, string | undefined> {
  const { weights, constants } = storedWeights(model({ initializers, nodes }));
  return Object.fromEntries(weights.map((each) => [each.tensor.name, constants.get(each)]));
}
