import assert from 'node:assert/strict';
import { openSession, type Session } from '../../../src/engine/runtime/session';
import { boolVector, zeros, type Tensor } from '../../../src/engine/runtime/tensor';
import { GraphRun, type MapSizes } from '../../../src/engine/tracing/graphRun';
import { findAttentionTaps } from '../../../src/onnx/attention/findAttention';
import type { OnnxModel, ValueInfo } from '../../../src/onnx/graph/model';
import type { AttentionTap } from '../../../src/onnx/attention/tap';
import { readOnnx } from '../../../src/onnx/file/readModel';
import { reductionsOf } from '../../../src/onnx/instrument/mapStatistics';
import { tappedModel } from '../../../src/onnx/instrument/tappedModel';
import type { HeadStatistics } from '../../../src/shared/attention';
import { InMemoryMaps } from '../../../src/trace/inMemoryMaps';
import { folder, MemorySource } from '../onnx/fixtures';

const TOLERANCE = 1e-5;
/** Taken for the heads of a layer, it makes a chunk of every row of tiles. */
export const MANY_HEADS = 2 ** 20;

/** Holds figures, thumbnails, maps and rows from the graph against those of whole maps. */
export async function compare(run: GraphRun, queries: number): Promise<void> {
  const { patterns } = await run.whole([]);
  assert.ok(patterns.length > 0);
  const whole = new InMemoryMaps(patterns);
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

/** Of the maps of each kind that a model has. */
export type Sizes = Partial<Record<keyof MapSizes, readonly [queries: number, keys: number]>>;

/**
 * Loads a file with its attention reduced, and makes a run of it.
 * @param given what it is fed; a cache is empty where there is none.
 * @param fetched is told the outputs of each run.
 * @param isPadded whether what it is fed is longer than `sizes`.
 */
export async function open(
  bytes: Uint8Array,
  given: Record<string, Tensor>,
  sizes: Sizes,
  taps?: readonly AttentionTap[],
  fetched: (outputs: readonly string[]) => void = () => undefined,
  isPadded = false,
): Promise<GraphRun> {
  const { model, tapped, layers } = await reduce(bytes, taps, isPadded);
  const opened = await openSession({ bytes: tapped, folder }, 'test.onnx');
  const session: Session = {
    run: (feeds, outputs) => {
      fetched(outputs);
      return opened.run(feeds, outputs);
    },
    dispose: () => opened.dispose(),
  };
  const feeds = model.graph.inputs.map((input): [string, Tensor] => [
    input.name,
    given[input.name] ?? withoutCache(input),
  ]);
  const sizeOf = ([queries, keys]: readonly [number, number] = [0, 0]) => ({ queries, keys });
  return new GraphRun({ session, layers }, new Map(feeds), {
    self: sizeOf(sizes.self),
    masked: sizeOf(sizes.masked),
    cross: sizeOf(sizes.cross),
  });
}

export async function reduce(bytes: Uint8Array, given?: readonly AttentionTap[], isPadded = false) {
  const source = new MemorySource(bytes);
  const model: OnnxModel = await readOnnx(source, 'test.onnx');
  const taps = given ?? findAttentionTaps(model, 'test.onnx');
  const reduced = reductionsOf(model, 'test.onnx', taps, isPadded);
  const tapped = await tappedModel(source, 'test.onnx', model, reduced.taps, [reduced.inputs]);
  return { model, taps, tapped, layers: reduced.layers };
}

/** What says that there is no cache. */
function withoutCache({ name, type }: ValueInfo): Tensor {
  if (name === 'use_cache_branch') {
    return boolVector(false);
  }
  assert.match(name, /^past_key_values/);
  assert.ok(type?.kind === 'tensor');
  const [, heads, , size] = type.shape ?? [];
  const dims = [1, Number(heads), 0, Number(size)];
  return zeros(type.dtype === 'float16' ? 'float16' : 'float32', dims);
}
