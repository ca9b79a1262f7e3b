import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import {
  emptyCache,
  type CacheEntry,
  type CacheKind,
  type DecoderTask,
} from '../../../../src/engine/generation/decoderCache';
import {
  decoderInterface,
  type DecoderInterface,
} from '../../../../src/engine/generation/decoderInterface';
import type { DType, Dimension, Graph, Node, ValueInfo } from '../../../../src/onnx/graph/model';
import { inEnglish } from '../../../../src/shared/failure';
import { failure } from '../../../support/failures';

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

/** What is read of {@link past}, as long as nothing else is said of it. */
function entry(name: string, kind: CacheKind = 'growing'): CacheEntry {
  const empty = { type: 'float32' as const, dims: [1, 2, 0, 8] };
  return { kind, past: `past_key_values.${name}`, present: `present.${name}`, empty };
}

const nothing: DecoderInterface = {
  attentionMask: false,
  positionIds: false,
  encoderStates: false,
  encoderMask: false,
  cacheBranch: false,
};

function read(found: Graph): DecoderInterface {
  return decoderInterface(found, 'text-generation', 'm');
}

suite('engine/generation/decoderInterface', () => {
  test('takes token ids alone', () => {
    assert.deepEqual(read(graph(names('input_ids'), ['logits'])), {
      ...nothing,
    });
  });

  test('knows mask, positions and a cache', () => {
    const inputs = [
      ...names('input_ids', 'attention_mask', 'position_ids'),
      past('0.key'),
      past('0.value'),
    ];
    assert.deepEqual(read(graph(inputs, ['logits', 'present.0.key', 'present.0.value'])), {
      ...nothing,
      attentionMask: true,
      positionIds: true,
      cache: [entry('0.key'), entry('0.value')],
    });
  });

  test('a cache may be of half precision', () => {
    const inputs = [...names('input_ids'), past('0.key', 'float16')];
    const { cache } = read(graph(inputs, ['logits', 'present.0.key']));
    assert.equal(cache?.[0]?.empty.type, 'float16');
  });

  for (const name of ['num_logits_to_keep', 'logits_to_keep']) {
    test(`${name} says how many rows of logits are wanted`, () => {
      const { logitsToKeep } = read(graph(names('input_ids', name), ['logits']));
      assert.equal(logitsToKeep, name);
    });
  }

  test('initializers that old exporters list among the inputs are none', () => {
    const inputs = names('input_ids', 'transformer.wte.weight', 'attention_mask');
    const initializers = ['transformer.wte.weight', 'attention_mask'];
    assert.deepEqual(read(graph(inputs, ['logits'], initializers)), nothing);
  });

  test('of an encoder–decoder model: what the encoder gives, and keys and values of two kinds', () => {
    const inputs = [
      ...names('input_ids', 'encoder_hidden_states', 'encoder_attention_mask', 'use_cache_branch'),
      past('0.decoder.key'),
      past('0.encoder.key'),
    ];
    // The keys of cross attention do not come out again.
    const found = graph(inputs, ['logits', 'present.0.decoder.key']);
    assert.deepEqual(decoderInterface(found, 'text2text-generation', 'm'), {
      ...nothing,
      encoderStates: true,
      encoderMask: true,
      cacheBranch: true,
      cache: [entry('0.decoder.key'), entry('0.encoder.key', 'cross')],
    });
  });

  const refused: { title: string; graph: Graph; names: string; task?: DecoderTask }[] = [
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
      title: 'a decoder’s own cache in a model without encoder',
      graph: graph([...names('input_ids'), past('0.decoder.key')], ['logits']),
      names: 'past_key_values.0.decoder.key',
    },
    {
      title: 'a cache of the only stack in a model with two',
      graph: graph([...names('input_ids'), past('0.key')], ['logits', 'present.0.key']),
      names: 'past_key_values.0.key',
      task: 'text2text-generation',
    },
    {
      title: 'a decoder’s key that does not come out again',
      graph: graph([...names('input_ids'), past('0.decoder.key')], ['logits']),
      names: 'present.0.decoder.key',
      task: 'text2text-generation',
    },
    {
      title: 'no token ids',
      graph: graph(names('inputs_embeds'), ['logits']),
      names: 'inputs_embeds',
    },
    { title: 'nothing to feed', graph: graph([], ['logits']), names: 'input_ids' },
    {
      title: 'no logits behind an encoder',
      graph: graph(names('input_ids', 'encoder_hidden_states'), ['last_hidden_state']),
      task: 'text2text-generation',
      names: 'logits',
    },
    {
      title: 'nothing but a cache that comes out',
      graph: graph(names('input_ids'), ['present.0.key']),
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
  test('a head size that the graph leaves open is that of config.json', () => {
    const open = past('0.key', 'float32', ['batch', 2, 'past', 'kv_cache_dim']);
    const found = graph([...names('input_ids'), open], ['logits', 'present.0.key']);
    const { cache } = decoderInterface(found, 'text-generation', 'm', 16);
    assert.deepEqual(cache?.[0]?.empty.dims, [1, 2, 0, 16]);
    assert.equal(failure(() => read(found)).kind, 'unsupported');
  });

  test('layers without attention hand a state of one size on', () => {
    const state = (name: string, shape: Dimension[]): ValueInfo => ({
      name,
      type: { kind: 'tensor', dtype: 'float16', shape },
    });
    const conv = ['past_key_values.0.conv_state', 'past_conv.1', 'past_ssm.1', 'past_conv.3.key'];
    const inputs = [
      ...names('input_ids'),
      ...conv.map((name) => state(name, ['batch', 64, 2])),
      state('past_key_values.0.recurrent_state', ['batch', 4, 8, 16]),
      state('past_recurrent.1', ['batch', 4, 8, 16]),
      past('2.key'),
    ];
    const outputs = [
      'present.0.conv_state',
      'present_conv.1',
      'present_ssm.1',
      'present_conv.3.key',
    ];
    const others = ['present.0.recurrent_state', 'present_recurrent.1', 'present.2.key'];
    const { cache } = read(graph(inputs, ['logits', ...outputs, ...others]));
    assert.deepEqual(
      cache?.map(({ kind, present, empty }) => [kind, present, empty.dims]),
      [
        ...outputs.map((name) => ['state', name, [1, 64, 2]]),
        ['state', 'present.0.recurrent_state', [1, 4, 8, 16]],
        ['state', 'present_recurrent.1', [1, 4, 8, 16]],
        ['growing', 'present.2.key', [1, 2, 0, 8]],
      ],
    );
    for (const shape of [['batch', 'channels', 2], [3, 'batch', 64, 2], ['batch'], []]) {
      const found = graph(
        [...names('input_ids'), state('past_conv.0', shape)],
        ['logits', 'present_conv.0'],
      );
      assert.match(failure(() => read(found)).message, /past_conv\.0/);
    }
  });

  test('keys and values may be of different sizes', () => {
    const inputs = [
      ...names('input_ids'),
      past('0.key'),
      past('0.value', 'float32', ['batch', 4, 'past', 6]),
    ];
    const { cache } = read(graph(inputs, ['logits', 'present.0.key', 'present.0.value']));
    assert.deepEqual(
      cache?.map(({ empty }) => empty.dims),
      [
        [1, 2, 0, 8],
        [1, 4, 0, 6],
      ],
    );
  });

  test('keys of a window have room for it from the start', () => {
    const attention = (layer: number, attributes: Record<string, number>): Node => ({
      name: '',
      opType: 'GroupQueryAttention',
      domain: 'com.microsoft',
      inputs: ['q', 'k', 'v', `past_key_values.${layer}.key`, ''],
      outputs: ['y'],
      attributes: new Map(
        Object.entries(attributes).map(([name, value]) => [name, { kind: 'int', value }]),
      ),
      metadata: new Map(),
    });
    const found = graph(
      [...names('input_ids'), past('0.key'), past('1.key'), past('2.key')],
      ['logits', 'present.0.key', 'present.1.key', 'present.2.key'],
    );
    found.nodes = [
      attention(0, { local_window_size: 6, sliding_window_cache: 1 }),
      attention(1, { local_window_size: 6 }),
      attention(2, { local_window_size: -1, sliding_window_cache: 1 }),
    ];
    const { cache } = read(found);
    assert.deepEqual(
      cache?.map(({ kind }) => kind),
      ['window', 'growing', 'growing'],
    );
    assert.deepEqual(
      Array.from(emptyCache(cache).values(), ({ dims, data }) => [dims, data.length]),
      [
        [[1, 2, 6, 8], 96],
        [[1, 2, 0, 8], 0],
        [[1, 2, 0, 8], 0],
      ],
    );
  });

  test('an embedding decoder returns its states in place of logits', () => {
    const found = read(graph(names('input_ids'), ['present.0.key', 'last_hidden_state']));
    assert.deepEqual(found, { ...nothing, instead: 'last_hidden_state' });
  });

  test('fixed sizes are told, where there are any', () => {
    const shaped = (name: string, shape: Dimension[]): ValueInfo => ({
      name,
      type: { kind: 'tensor', dtype: 'int64', shape },
    });
    const inputs = [shaped('input_ids', [1, 128]), shaped('attention_mask', ['batch', 128])];
    assert.deepEqual(read(graph(inputs, ['logits'])), {
      ...nothing,
      attentionMask: true,
      batch: 1,
      length: 128,
    });
  });

  for (const { title, graph, names, task = 'text-generation' } of refused) {
    test(`refused: ${title}`, () => {
      const { kind, what, where } = failure(() => decoderInterface(graph, task, 'onnx/model.onnx'));
      assert.equal(kind, 'unsupported');
      assert.equal(where, 'onnx/model.onnx');
      assert.ok(inEnglish(what).includes(`“${names}”`), inEnglish(what));
    });
  }
});
