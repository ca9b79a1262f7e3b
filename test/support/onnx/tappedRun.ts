import assert from 'node:assert/strict';
import { asFloat32, boolVector, zeros, type Tensor } from '../../../src/engine/runtime/tensor';
import type { OnnxModel } from '../../../src/onnx/graph/model';
import type { AttentionTap, GraphRole } from '../../../src/onnx/attention/tap';
import { folder } from './fixtures';
import type { Maps } from './seq2seq';
import { largestDifference, openTapped } from './tapped';

const TOLERANCE = 1e-5;

/** What a run with all attention tapped returns. */
export interface Run {
  taps: AttentionTap[];
  outputs: Map<string, Tensor>;
}

/** Runs a file with all its attention tapped; what a merged decoder wants besides is filled in. */
export async function run(
  bytes: Uint8Array,
  role: GraphRole | undefined,
  given: Record<string, Tensor>,
  past: (model: OnnxModel) => Record<string, Tensor> = emptyPast,
): Promise<Run> {
  const { model, taps, session } = await openTapped(bytes, folder, 'test.onnx', role);
  const all: Record<string, Tensor> = {
    use_cache_branch: boolVector(false),
    ...past(model),
    ...given,
  };
  const feeds = model.graph.inputs.map(({ name }) => [name, all[name] as Tensor] as const);
  const result = role === 'encoder' ? 'last_hidden_state' : 'logits';
  try {
    const outputs = await session.run(new Map(feeds), [result, ...taps.map(({ value }) => value)]);
    return { taps, outputs };
  } finally {
    await session.dispose();
  }
}

function emptyPast({ graph }: OnnxModel): Record<string, Tensor> {
  return Object.fromEntries(
    graph.inputs
      .filter(({ name }) => name.startsWith('past_'))
      .map(({ name }) => [name, zeros('float32', [1, 2, 0, 8])]),
  );
}

/** Holds the maps of one kind of attention against the expected ones. */
export function agree(
  { taps, outputs }: Run,
  kind: AttentionTap['kind'],
  expected: Maps,
  tolerance = TOLERANCE,
): void {
  const found = taps.filter((tap) => tap.kind === kind);
  assert.equal(found.length, expected.length);
  for (const { value, layer, id } of found) {
    const [heads = []] = [expected[layer]];
    const { dims, ...tensor } = outputs.get(value) as Tensor;
    assert.deepEqual([...dims], [1, heads.length, heads[0]?.length, heads[0]?.[0]?.length], id);
    const largest = largestDifference(asFloat32({ dims, ...tensor }), heads.flat(2));
    assert.ok(largest <= tolerance, `${id} is off by ${largest}`);
  }
}
