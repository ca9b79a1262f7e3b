import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { openSession } from '../../../src/engine/runtime/session';
import { boolVector, emptyFloat, int64Row, type Tensor } from '../../../src/engine/runtime/tensor';
import { GraphRun, type MapSizes } from '../../../src/engine/tracing/graphRun';
import { findAttentionTaps } from '../../../src/onnx/attentionSites';
import type { AttentionTap, DType, OnnxModel } from '../../../src/onnx/model';
import { graphFields, operatorSet, secondGraph } from '../../../src/onnx/protoWriter';
import { readOnnx } from '../../../src/onnx/readModel';
import { reductionsOf } from '../../../src/onnx/reductions';
import { tappedModel } from '../../../src/onnx/tap';
import { concatenate, integer } from '../../../src/onnx/wireWriter';
import type { HeadStatistics } from '../../../src/shared/attention';
import { KeptMaps } from '../../../src/trace/keptMaps';
import { rejection } from '../../support/failures';
import { fixture, folder, json, MemorySource, type Expected } from '../onnx/fixtures';
import { attendedPairs, seq2seqFixture } from '../onnx/seq2seq';

const TOLERANCE = 1e-5;
/** Taken for the heads of a layer, it makes a chunk of every row of tiles. */
const MANY_HEADS = 2 ** 20;

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
    'old operators': { opset: 10, softmaxAxis: 3 },
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

  test('maps of another size than expected are refused', async () => {
    const { bytes, tap } = synthetic({ queries: 4, keys: 4, opset: 17, dtype: 'float32' });
    const scores = { type: 'float32', data: new Float32Array(32), dims: [1, 2, 4, 4] } as const;
    const run = await open(bytes, { scores }, { cross: [4, 5] }, [tap]);
    assert.equal((await rejection(() => run.whole([]))).kind, 'unsupported');
    assert.ok(
      ['unsupported', 'runtime'].includes((await rejection(() => run.reduced(64, 2, []))).kind),
    );
  });

  test('operators that are too old are refused by name', async () => {
    const { bytes, tap } = synthetic({ queries: 4, keys: 4, opset: 9, dtype: 'float32' });
    const model = await readOnnx(new MemorySource(bytes), 'old.onnx');
    const { kind, where } = await rejection(() => reductionsOf(model, 'old.onnx', [tap]));
    assert.deepEqual([kind, where], ['unsupported', 'old.onnx']);
  });

  test('no whole map is an output of the graph', async () => {
    for (const bytes of [
      fixture('gpt2-eager.onnx'),
      seq2seqFixture('marian/onnx/decoder_model_merged.onnx'),
    ]) {
      const { model, taps, tapped } = await reduce(bytes);
      const { graph } = await readOnnx(new MemorySource(tapped), 'test.onnx');
      const added = graph.outputs.slice(model.graph.outputs.length).map(({ name }) => name);
      assert.equal(added.length, 5 * taps.length);
      assert.ok(taps.every(({ value }) => !added.includes(value)));
    }
  });
});

/** Holds figures, thumbnails, maps and rows from the graph against those of whole maps. */
async function compare(run: GraphRun, queries: number): Promise<void> {
  const { patterns } = await run.whole([]);
  assert.ok(patterns.length > 0);
  const whole = new KeptMaps(patterns);
  for (const [size, heads] of [
    [64, 1],
    [5, MANY_HEADS],
    [1, 1],
  ] as const) {
    const { layers } = await run.reduced(size, heads, []);
    assert.equal(layers.length, patterns.length);
    for (const [index, { site, thumbnails }] of layers.entries()) {
      const { statistics: expected = [], ...about } = whole.sites[index] ?? {};
      const { statistics, ...rest } = site;
      assert.deepEqual(rest, about);
      assert.deepEqual(thumbnails, await whole.thumbnails(site.id, size));
      assert.equal(statistics.length, expected.length);
      statistics.forEach((found, head) => {
        close(found, expected[head], `${site.id}.${head}`);
      });
    }
  }
  for (const { id, heads } of patterns) {
    const head = heads - 1;
    assert.deepEqual(await run.map(id, head), await whole.map(id, head));
    const query = queries >> 1;
    const row = await run.map(id, head, [query, query + 1]);
    assert.deepEqual(row, await whole.row(id, head, query));
  }
}

function close(found: HeadStatistics, expected: HeadStatistics | undefined, where: string): void {
  assert.ok(expected);
  for (const name of Object.keys(expected) as (keyof HeadStatistics)[]) {
    const difference = Math.abs(found[name] - expected[name]);
    // Distances grow with the map; single precision is relative.
    const tolerance = TOLERANCE * Math.max(1, expected[name]);
    assert.ok(difference <= tolerance, `${name} of ${where} is off by ${difference}`);
  }
}

type Sizes = Partial<Record<keyof MapSizes, readonly [queries: number, keys: number]>>;

/** Loads a file with its attention reduced, and makes a run of it. */
async function open(
  bytes: Uint8Array,
  given: Record<string, Tensor>,
  sizes: Sizes,
  taps?: readonly AttentionTap[],
): Promise<GraphRun> {
  const { model, tapped, layers } = await reduce(bytes, taps);
  const session = await openSession({ bytes: tapped, folder: path.resolve(folder) }, 'test.onnx');
  const feeds = model.graph.inputs.map(({ name }): [string, Tensor] => [
    name,
    given[name] ??
      (name === 'use_cache_branch' ? boolVector(false) : emptyFloat('float32', [1, 2, 0, 8])),
  ]);
  const sizeOf = ([queries, keys]: readonly [number, number] = [0, 0]) => ({ queries, keys });
  return new GraphRun({ session, layers }, new Map(feeds), {
    self: sizeOf(sizes.self),
    masked: sizeOf(sizes.masked),
    cross: sizeOf(sizes.cross),
  });
}

async function reduce(bytes: Uint8Array, given?: readonly AttentionTap[]) {
  const source = new MemorySource(bytes);
  const model: OnnxModel = await readOnnx(source, 'test.onnx');
  const taps = given ?? findAttentionTaps(model, 'test.onnx');
  const reduced = reductionsOf(model, 'test.onnx', taps);
  const tapped = await tappedModel(source, 'test.onnx', model, reduced.taps, reduced.inputs);
  return { model, taps, tapped, layers: reduced.layers };
}

interface Synthetic {
  queries: number;
  keys: number;
  opset: number;
  softmaxAxis?: number;
  dtype: DType | undefined;
}

/** Where(IsNaN(Softmax(scores)), 0, Softmax(scores)), in half precision if wanted. */
function synthetic({ opset, softmaxAxis = -1, dtype }: Synthetic): {
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
    inputs: [{ name: 'scores', dtype: 'float32', shape: [1, 2, 'queries', 'keys'] }],
    outputs: ['masked'],
  });
  const bytes = concatenate([integer(1, 8), secondGraph(graph), operatorSet(opset)]);
  const site = { id: 'blocks.0.attn', component: 'decoder', kind: 'cross', layer: 0 } as const;
  const value = isHalf ? 'half' : 'clean';
  return { bytes, tap: { ...site, value, ...(dtype === undefined ? {} : { dtype }) } };
}
