import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { int64Row } from '../../../../src/engine/runtime/tensor';
import type { DType } from '../../../../src/onnx/graph/model';
import type { AttentionTap } from '../../../../src/onnx/attention/tap';
import { graphFields, operatorSet, secondGraph } from '../../../../src/onnx/file/writeModel';
import { readOnnx } from '../../../../src/onnx/file/readModel';
import { reductionsOf } from '../../../../src/onnx/instrument/mapStatistics';
import { concatenate, integer } from '../../../../src/onnx/file/wireWriter';
import { rejection } from '../../../support/failures';
import { fixture, json, MemorySource, type Expected } from '../../../support/onnx/fixtures';
import { attendedPairs, seq2seqFixture } from '../../../support/onnx/seq2seq';
import { compare, MANY_HEADS, open, reduce } from '../../../support/engine/reducedRun';

suite('engine/tracing/graphRun', () => {
  for (const [name, expected] of [
    ['gpt2-eager', 'gpt2'],
    ['gpt2-sdpa', 'gpt2'],
    ['gpt2-eager-dynamo', 'gpt2'],
    ['llama-eager', 'llama'],
    ['llama-sdpa', 'llama'],
  ] as const) {
    test(`${name}: what the graph computes of its maps is what they give`, async () => {
      const { ids } = json(`${expected}.json`) as Expected;
      const feeds = { input_ids: int64Row(ids), attention_mask: int64Row(ids.map(() => 1)) };
      const { length } = ids;
      const run = await open(fixture(`${name}.onnx`), feeds, { masked: [length, length] });
      await compare(run, length);
    });
  }

  test('padding behind a text is cut off: its maps, figures and tiles are those of the text', async () => {
    const { ids } = json('gpt2.json') as Expected;
    const { length } = ids;
    const feeds = (padding: number) => ({
      input_ids: int64Row([...ids, ...new Array<number>(padding).fill(0)]),
      attention_mask: int64Row([...ids.map(() => 1), ...new Array<number>(padding).fill(0)]),
    });
    const bytes = fixture('gpt2-eager.onnx');
    const sizes = { masked: [length, length] } as const;
    const run = await open(bytes, feeds(5), sizes, undefined, undefined, true);
    await compare(run, length);
    const { patterns } = await run.whole([]);
    const { patterns: expected } = await (await open(bytes, feeds(0), sizes)).whole([]);
    for (const [layer, { values }] of patterns.entries()) {
      const difference = values.map((p, i) => Math.abs(p - (expected[layer]?.values[i] ?? NaN)));
      assert.ok(Math.max(...difference) <= 1e-6);
    }
  });

  for (const decoder of [
    'marian/onnx/decoder_model.onnx',
    'marian/onnx/decoder_model_merged.onnx',
    't5/onnx/decoder_model_merged.onnx',
    'sdpa/marian-decoder-merged.onnx',
  ]) {
    test(`${decoder}: the same in cross attention and in a branch`, async () => {
      const [pair] = attendedPairs(decoder.includes('t5') ? 't5' : 'marian');
      assert.ok(pair);
      const [queries, keys] = [pair.decoderIds.length, pair.ids.length];
      assert.notEqual(queries, keys);
      const states = Float32Array.from({ length: 16 * keys }, (_, i) => Math.sin(i));
      const feeds = {
        input_ids: int64Row(pair.decoderIds),
        encoder_attention_mask: int64Row(pair.ids.map(() => 1)),
        encoder_hidden_states: { type: 'float32', data: states, dims: [1, keys, 16] } as const,
      };
      const sizes = { masked: [queries, queries], cross: [queries, keys] } as const;
      await compare(await open(seq2seqFixture(decoder), feeds, sizes), queries);
    });
  }

  for (const [title, options] of Object.entries<Partial<Synthetic>>({
    'rows of zeros, and keys that are masked by −∞': {},
    'half precision': { dtype: 'float16' },
    'a type that the file does not tell': { dtype: undefined },
    'old operators': { opset: 11, softmaxAxis: 3 },
    'operators of version 13': { opset: 13 },
    'new operators': { opset: 21 },
    'more queries than keys': { queries: 37, keys: 5 },
    'more keys than queries, as with a cache': { queries: 3, keys: 131 },
    'maps larger than the tiles': { queries: 130, keys: 70 },
    'one token': { queries: 1, keys: 1 },
  })) {
    test(title, async () => {
      const made = { queries: 9, keys: 12, opset: 17, dtype: 'float32', ...options } as const;
      const { queries, keys } = made;
      const scores = Float32Array.from({ length: 2 * queries * keys }, (_, cell) =>
        // The first head’s first query sees nothing, and the others not their last key.
        cell < keys && queries > 1
          ? -Infinity
          : keys > 1 && cell % keys === keys - 1
            ? -Infinity
            : 6 * Math.sin(cell * cell),
      );
      const tensor = { type: 'float32', data: scores, dims: [1, 2, queries, keys] } as const;
      const { bytes, tap } = synthetic(made);
      const sizes = { cross: [queries, keys] } as const;
      await compare(await open(bytes, { scores: tensor }, sizes, [tap]), queries);
    });
  }

  for (const [title, queries, keys, dtype, runs, seen] of [
    ['half of them is left out', 130, 130, 'float32', 1, () => false],
    ['so it is behind a cache', 70, 130, 'float32', 1, () => false],
    ['one key too many takes a run more', 130, 130, 'float32', 2, (q, k) => q === 3 && k === 90],
    ['a query that sees nothing does so as well', 130, 130, 'float32', 2, (q) => q === 5 && null],
    ['in half precision nothing is left out', 130, 130, 'float16', 1, () => false],
  ] as [string, number, number, DType, number, (query: number, key: number) => boolean | null][]) {
    test(`masked attention: ${title}`, async () => {
      const scores = Float32Array.from({ length: 2 * queries * keys }, (_, cell) => {
        const [query, key] = [Math.floor(cell / keys) % queries, cell % keys];
        const isSeen = seen(query, key);
        if (isSeen === true) {
          return 0;
        }
        const isMasked = isSeen === null || key > query + keys - queries;
        return isMasked ? -Infinity : 6 * Math.sin(cell * cell);
      });
      const tensor = { type: 'float32', data: scores, dims: [1, 2, queries, keys] } as const;
      const { bytes, tap } = synthetic({ queries, keys, opset: 17, dtype });
      const fetched: (readonly string[])[] = [];
      const run = await open(
        bytes,
        { scores: tensor },
        { masked: [queries, keys] },
        [{ ...tap, kind: 'masked' }],
        (outputs) => fetched.push(outputs),
      );
      await run.reduced(64, MANY_HEADS, []);
      assert.equal(fetched.length, runs);
      await compare(run, queries);
    });
  }

  test('maps of another size than expected are refused', async () => {
    const { bytes, tap } = synthetic({ queries: 4, keys: 4, opset: 17, dtype: 'float32' });
    const scores = { type: 'float32', data: new Float32Array(32), dims: [1, 2, 4, 4] } as const;
    const run = await open(bytes, { scores }, { cross: [4, 5] }, [tap]);
    assert.equal((await rejection(() => run.whole([]))).kind, 'unsupported');
    assert.ok(
      ['unsupported', 'runtime'].includes((await rejection(() => run.reduced(64, 2, []))).kind),
    );
  });

  test('maps of each token by itself are refused: the model took the text for a batch', async () => {
    const { bytes, tap } = synthetic({
      queries: 1,
      keys: 1,
      opset: 17,
      dtype: 'float32',
      batch: 3,
    });
    const scores = { type: 'float32', data: new Float32Array(6), dims: [3, 2, 1, 1] } as const;
    const run = await open(bytes, { scores }, { cross: [3, 3] }, [tap]);
    for (const tracing of [() => run.whole([]), () => run.reduced(64, 2, [])]) {
      const { kind, where, message } = await rejection(tracing);
      assert.deepEqual([kind, where], ['unsupported', 'blocks.0.attn']);
      assert.match(message, /the 3 tokens of the text as a batch of 3 texts.*batch_first=True$/);
    }
  });

  test('operators that are too old are refused by name', async () => {
    const { bytes, tap } = synthetic({ queries: 4, keys: 4, opset: 10, dtype: 'float32' });
    const model = await readOnnx(new MemorySource(bytes), 'old.onnx');
    const { kind, where } = await rejection(() => reductionsOf(model, 'old.onnx', [tap]));
    assert.deepEqual([kind, where], ['unsupported', 'old.onnx']);
  });

  test('each layer is reduced before the next one runs', async () => {
    for (const [bytes, order] of [
      [fixture('gpt2-eager.onnx'), ['blocks.0.attn', 'blocks.1.attn']],
      [
        seq2seqFixture('marian/onnx/decoder_model_merged.onnx'),
        [0, 1].flatMap((layer) =>
          ['attn', 'cross_attn'].map((kind) => `decoder.blocks.${layer}.${kind}`),
        ),
      ],
    ] as const) {
      const { tapped } = await reduce(bytes);
      const { graph } = await readOnnx(new MemorySource(tapped), 'test.onnx');
      const branch = graph.nodes
        .find(({ opType }) => opType === 'If')
        ?.attributes.get('else_branch');
      const { nodes, outputs } = branch?.kind === 'graph' ? branch.value : graph;
      const scans = nodes.flatMap(({ opType }, at) => (opType === 'Scan' ? [at] : []));
      // ONNX Runtime starts from the last node that nothing else takes.
      assert.deepEqual(
        scans.map((at) => /^headlight\.(.*)\.node\./.exec(nodes[at]?.outputs[0] ?? '')?.[1]),
        order.toReversed(),
      );
      // Of the model's own results, none may be such a last node.
      const [first = 0] = scans;
      for (const { name } of outputs.filter((output) => !output.name.includes('blocks.'))) {
        const taker = nodes.findIndex(({ inputs }) => inputs.includes(name));
        assert.ok(taker >= 0 && taker < first, name);
      }
    }
  });

  test('no whole map is an output of the graph', async () => {
    for (const bytes of [
      fixture('gpt2-eager.onnx'),
      seq2seqFixture('marian/onnx/decoder_model_merged.onnx'),
    ]) {
      const { model, taps, tapped } = await reduce(bytes);
      const { graph } = await readOnnx(new MemorySource(tapped), 'test.onnx');
      const added = graph.outputs.slice(model.graph.outputs.length).map(({ name }) => name);
      assert.equal(added.length, 6 * taps.length);
      assert.ok(taps.every(({ value }) => !added.includes(value)));
    }
  });
});

interface Synthetic {
  queries: number;
  keys: number;
  opset: number;
  softmaxAxis?: number;
  /** 1 when absent. */
  batch?: number;
  dtype: DType | undefined;
}

/** Where(IsNaN(Softmax(scores)), 0, Softmax(scores)), in half precision if wanted. */
function synthetic({ opset, softmaxAxis = -1, dtype, batch = 1 }: Synthetic): {
  bytes: Uint8Array;
  tap: AttentionTap;
} {
  const isHalf = dtype === 'float16';
  const axis = { axis: { kind: 'int', value: softmaxAxis } } as const;
  const half = { to: { kind: 'int', value: 10 } } as const;
  const graph = graphFields({
    nodes: [
      { opType: 'Softmax', inputs: ['scores'], outputs: ['softmax'], attributes: axis },
      { opType: 'IsNaN', inputs: ['softmax'], outputs: ['masked'] },
      { opType: 'Where', inputs: ['masked', 'zero', 'softmax'], outputs: ['clean'] },
      ...(isHalf
        ? [{ opType: 'Cast', inputs: ['clean'], outputs: ['half'], attributes: half }]
        : []),
    ],
    initializers: [{ name: 'zero', dtype: 'float32', dims: [], bytes: new Uint8Array(4) }],
    inputs: [{ name: 'scores', dtype: 'float32', shape: [batch, 2, 'queries', 'keys'] }],
    outputs: ['masked'],
  });
  const bytes = concatenate([integer(1, 8), secondGraph(graph), operatorSet(opset)]);
  const site = { id: 'blocks.0.attn', component: 'decoder', kind: 'cross', layer: 0 } as const;
  const value = isHalf ? 'half' : 'clean';
  return { bytes, tap: { ...site, value, ...(dtype === undefined ? {} : { dtype }) } };
}
