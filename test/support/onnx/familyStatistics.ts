import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openSession } from '../../../src/engine/runtime/session';
import { asFloat32, type Tensor } from '../../../src/engine/runtime/tensor';
import { GraphRun, type MapSizes } from '../../../src/engine/tracing/graphRun';
import { reductionsOf } from '../../../src/onnx/instrument/mapStatistics';
import { tappedModel } from '../../../src/onnx/instrument/tappedModel';
import type { HeadStatistics } from '../../../src/shared/attention';
import { headStatistics } from '../../../src/trace/headStatistics';
import type { ModelExport } from './families';
import { measureTaps, type Differences } from './familyRuns';
import { MemorySource } from './fixtures';
import { output, type TappedSession } from './tapped';

/** Cells of a tile on each side. */
const TILE = 64;

/** What the runs of an export tell. */
export interface Measured extends Differences {
  /**
   * How far the figures that a graph computes of its heads are from those of its whole maps, at
   * most, in the first run of each file. Figures above 1, such as distances, in proportion.
   */
  statistics: number;
}

/** Runs all files of an export, and each once more with the figures of its heads. */
export async function measureRuns(one: ModelExport): Promise<Measured> {
  const seen = new Set<TappedSession>();
  let statistics = 0;
  const differences = await measureTaps(one, async (tapped, feeds, outputs) => {
    if (!seen.has(tapped)) {
      seen.add(tapped);
      statistics = Math.max(statistics, await differenceOf(one.folder, tapped, feeds, outputs));
    }
  });
  assert.equal(seen.size, one.files.size);
  return { ...differences, statistics };
}

async function differenceOf(
  folder: string,
  { file, model, taps }: TappedSession,
  feeds: ReadonlyMap<string, Tensor>,
  outputs: ReadonlyMap<string, Tensor>,
): Promise<number> {
  const sizes: MapSizes = {
    self: { queries: 0, keys: 0 },
    masked: { queries: 0, keys: 0 },
    cross: { queries: 0, keys: 0 },
  };
  const expected = taps.map(({ kind, value }) => {
    const map = output(outputs, value);
    const [, heads = 0, queries = 0, keys = 0] = map.dims;
    sizes[kind] = { queries, keys };
    const values = asFloat32(map);
    return Array.from({ length: heads }, (_, head) => {
      const start = head * queries * keys;
      return headStatistics(values.subarray(start, start + queries * keys), queries, keys);
    });
  });
  const reduced = reductionsOf(model, file, taps);
  const source = new MemorySource(readFileSync(path.join(folder, file)));
  const bytes = await tappedModel(source, file, model, reduced.taps, [reduced.inputs]);
  const session = await openSession({ bytes, folder }, file);
  try {
    const run = new GraphRun({ session, layers: reduced.layers }, feeds, sizes);
    const { layers } = await run.reduced(TILE, expected[0]?.length ?? 1, []);
    const found = layers.flatMap(({ site }) => site.statistics);
    const all = expected.flat();
    assert.equal(found.length, all.length);
    return Math.max(...found.map((figures, head) => apart(figures, all[head])));
  } finally {
    await session.dispose();
  }
}

function apart(found: HeadStatistics, expected: HeadStatistics | undefined): number {
  assert.ok(expected);
  const names = Object.keys(expected) as (keyof HeadStatistics)[];
  return Math.max(
    ...names.map((name) => Math.abs(found[name] - expected[name]) / Math.max(1, expected[name])),
  );
}
