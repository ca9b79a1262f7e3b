import assert from 'node:assert/strict';
import { findAttentionTaps } from '../../src/onnx/attentionSites';
import { externalLocations } from '../../src/onnx/externalData';
import type { AttentionTap, OnnxModel } from '../../src/onnx/model';
import { outlineFile } from '../../src/onnx/outline/outline';
import type { NewGraphParts } from '../../src/onnx/protoWriter';
import { readOnnx } from '../../src/onnx/readModel';
import { reductionsOf } from '../../src/onnx/reductions';
import { readShapeConstants } from '../../src/onnx/shapes/constants';
import { inferShapes } from '../../src/onnx/shapes/inferShapes';
import { tappedModel } from '../../src/onnx/tap';
import { Failure } from '../../src/shared/failure';
import { bindWeights } from '../../src/weights/bindWeights';
import { MemorySource } from '../unit/onnx/fixtures';

/** How much more than itself a file may make the reader fetch, in windows that overlap. */
const REREADS = 4;

const NAME = 'fuzzed.onnx';

/** What became of a file: described and tapped, described only, or refused. */
export type Outcome = 'tapped' | 'described' | 'refused';

/**
 * Does with a file all that is done with a model before ONNX Runtime gets it.
 * @throws anything but a Failure: that is a mistake of ours
 */
export async function examine(bytes: Uint8Array): Promise<Outcome> {
  const source = new MemorySource(bytes);
  const model = await unlessRefused(() => readOnnx(source, NAME));
  assert.ok(source.bytesRead <= REREADS * bytes.length + 1, `${source.bytesRead} bytes were read`);
  if (model === undefined) {
    return 'refused';
  }
  await unlessRefused(() => externalLocations(model));
  const shapes = await unlessRefused(async () =>
    inferShapes(model, await readShapeConstants(source, model)),
  );
  await unlessRefused(() => shapes && outlineFile(model, bytes.length, shapes));
  await unlessRefused(() => bindWeights(model));
  const taps = await unlessRefused(() => findAttentionTaps(model, NAME));
  if (taps === undefined) {
    return 'described';
  }
  const reduced = await unlessRefused(() => reductionsOf(model, NAME, taps));
  const isReduced =
    reduced !== undefined && (await isTapped(bytes, model, reduced.taps, reduced.inputs));
  return (await isTapped(bytes, model, taps, {})) || isReduced ? 'tapped' : 'described';
}

/** Taps a model, if it can be, and holds the new file against what was asked for. */
async function isTapped(
  bytes: Uint8Array,
  model: OnnxModel,
  taps: readonly AttentionTap[],
  more: NewGraphParts,
): Promise<boolean> {
  const tapped = await unlessRefused(() =>
    tappedModel(new MemorySource(bytes), NAME, model, taps, more),
  );
  if (tapped === undefined) {
    return false;
  }
  const { graph } = await readOnnx(new MemorySource(tapped), NAME);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  for (const { value } of taps) {
    assert.ok(outputs.has(value), `${value} is no output of the tapped model`);
  }
  return true;
}

async function unlessRefused<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}
