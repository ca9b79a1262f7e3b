import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { decoderInterface } from '../../../src/engine/generation/decoderInterface';
import type { DType, Dimension, Graph, ValueInfo } from '../../../src/onnx/model';
import { inEnglish } from '../../../src/shared/failure';
import { failure } from '../../support/failures';

const names = (...list: string[]): ValueInfo[] => list.map((name) => ({ name }));

function graph(inputs: ValueInfo[], outputs: string[], initializers: string[] = []): Graph {
  return {
    name: 'graph',
    nodes: [],
    inputs,
    outputs: names(...outputs),
    values: new Map(),
    initializers: initializers.map((name) => ({
      name,
      dtype: 'float32',
      dims: [1],
      data: { kind: 'none' },
    })),
    sparseInitializers: [],
  };
}

function past(
  name: string,
  dtype: DType = 'float32',
  shape: Dimension[] = ['batch', 2, 'past', 8],
): ValueInfo {
  return { name: `past_key_values.${name}`, type: { kind: 'tensor', dtype, shape } };
}

suite('engine/decoderInterface', () => {
  test('takes token ids alone', () => {
    assert.deepEqual(decoderInterface(graph(names('input_ids'), ['logits']), 'm'), {
      attentionMask: false,
      positionIds: false,
    });
  });

  test('knows mask, positions and a cache', () => {
    const inputs = [
      ...names('input_ids', 'attention_mask', 'position_ids'),
      past('0.key'),
      past('0.value'),
    ];
    assert.deepEqual(
      decoderInterface(graph(inputs, ['logits', 'present.0.key', 'present.0.value']), 'm'),
      {
        attentionMask: true,
        positionIds: true,
        cache: {
          type: 'float32',
          heads: 2,
          headSize: 8,
          names: [
            { past: 'past_key_values.0.key', present: 'present.0.key' },
            { past: 'past_key_values.0.value', present: 'present.0.value' },
          ],
        },
      },
    );
  });

  test('a cache may be of half precision', () => {
    const inputs = [...names('input_ids'), past('0.key', 'float16')];
    const { cache } = decoderInterface(graph(inputs, ['logits', 'present.0.key']), 'm');
    assert.equal(cache?.type, 'float16');
  });

  for (const name of ['num_logits_to_keep', 'logits_to_keep']) {
    test(`${name} says how many rows of logits are wanted`, () => {
      const { logitsToKeep } = decoderInterface(graph(names('input_ids', name), ['logits']), 'm');
      assert.equal(logitsToKeep, name);
    });
  }

  test('initializers that old exporters list among the inputs are none', () => {
    const inputs = names('input_ids', 'transformer.wte.weight', 'attention_mask');
    const initializers = ['transformer.wte.weight', 'attention_mask'];
    assert.deepEqual(decoderInterface(graph(inputs, ['logits'], initializers), 'm'), {
      attentionMask: false,
      positionIds: false,
    });
  });

  const refused: { title: string; graph: Graph; names: string }[] = [
    {
      title: 'an input that nobody knows',
      graph: graph(names('input_ids', 'pixel_values'), ['logits']),
      names: 'pixel_values',
    },
    {
      title: 'a cache of an encoder',
      graph: graph([...names('input_ids'), past('0.encoder.key')], ['logits']),
      names: 'past_key_values.0.encoder.key',
    },
    {
      title: 'no token ids',
      graph: graph(names('inputs_embeds'), ['logits']),
      names: 'inputs_embeds',
    },
    { title: 'nothing to feed', graph: graph([], ['logits']), names: 'input_ids' },
    {
      title: 'no logits',
      graph: graph(names('input_ids'), ['last_hidden_state']),
      names: 'logits',
    },
    {
      title: 'a cache that does not come out again',
      graph: graph(
        [...names('input_ids'), past('0.key'), past('0.value')],
        ['logits', 'present.0.key'],
      ),
      names: 'present.0.value',
    },
    {
      title: 'a cache of unknown type',
      graph: graph([...names('input_ids'), past('0.key', 'int8')], ['logits', 'present.0.key']),
      names: 'past_key_values.0.key',
    },
    {
      title: 'a cache without a number of heads',
      graph: graph(
        [...names('input_ids'), past('0.key', 'float32', ['batch', 'heads', 'past', 8])],
        ['logits', 'present.0.key'],
      ),
      names: 'past_key_values.0.key',
    },
    {
      title: 'a cache without a shape',
      graph: graph(names('input_ids', 'past_key_values.0.key'), ['logits', 'present.0.key']),
      names: 'past_key_values.0.key',
    },
  ];
  for (const { title, graph, names } of refused) {
    test(`refused: ${title}`, () => {
      const { kind, what, where } = failure(() => decoderInterface(graph, 'onnx/model.onnx'));
      assert.equal(kind, 'unsupported');
      assert.equal(where, 'onnx/model.onnx');
      assert.ok(inEnglish(what).includes(`“${names}”`), inEnglish(what));
    });
  }
});
