import assert from 'node:assert/strict';
import { findAttentionTaps } from '../../src/onnx/attention/findAttention';
import { externalLocations } from '../../src/onnx/graph/externalData';
import type { OnnxModel } from '../../src/onnx/graph/model';
import type { AttentionTap, GraphRole } from '../../src/onnx/attention/tap';
import { outlineFile } from '../../src/onnx/outline/outline';
import type { NewGraphParts } from '../../src/onnx/graph/graphBuilder';
import { onnxTensors } from '../../src/inspect/tensors/onnxTensors';
import { readOnnx } from '../../src/onnx/file/readModel';
import { storedWeights } from '../../src/onnx/outline/storedWeights';
import { reductionsOf, type Reductions } from '../../src/onnx/instrument/mapStatistics';
import { readShapeConstants } from '../../src/onnx/shapes/constants';
import { inferShapes } from '../../src/onnx/shapes/inferShapes';
import { tappedModel } from '../../src/onnx/instrument/tappedModel';
import { tokenRatings } from '../../src/onnx/instrument/nextTokenStatistics';
import { bindWeights } from '../../src/weights/bindWeights';
import { equalMatrices } from '../../src/weights/equalMatrices';
import { matchNames } from '../../src/weights/matchNames';
import { matrixOf } from '../../src/weights/matrix';
import { onnxParameters } from '../support/weights/onnxParameters';
import { TensorParts } from '../../src/weights/tensorParts';
import { TensorReader } from '../../src/weights/tensorReader';
import { MemorySource } from '../support/onnx/fixtures';
import type { Outcome } from './examine';
import { examineCheck } from './examineCheck';
import { examineTensors } from './examineTensors';
import { readSome, unlessRefused } from './properties';

/** How much more than itself a file may make us fetch for its structure, in windows that overlap. */
const REREADS = 4;

/** The bytes that are there of a file with external data. */
const EXTERNAL_BYTES = 64 * 2 ** 10;

/** Tapped models up to this size are read. */
const LARGEST_READ_AGAIN = 256 * 2 ** 10;

/** What a file may be in its model; mostly nobody tells. */
const ROLES: readonly (GraphRole | undefined)[] = [
  ...[undefined, undefined, undefined, undefined],
  ...(['encoder', 'decoder', 'encoder-only', 'decoder-only'] as const),
];

const NAME = 'fuzzed.onnx';

/** Does with an ONNX file all that is done with a model before ONNX Runtime gets it. */
export async function examineOnnx(bytes: Uint8Array): Promise<Outcome> {
  const source = new MemorySource(bytes);
  const model = await unlessRefused(() => readOnnx(source, NAME));
  assertReread(source);
  if (model === undefined) {
    return 'refused';
  }
  await describe(model, bytes);
  await readWeights(model, bytes);
  const role = ROLES[bytes.length % ROLES.length];
  await check(model, bytes, role);
  const taps = await unlessRefused(() => findAttentionTaps(model, NAME, role));
  if (taps === undefined) {
    return 'described';
  }
  const reduced = await unlessRefused(() => reductionsOf(model, NAME, taps));
  const isReduced =
    reduced !== undefined && (await isTapped(bytes, model, reduced.taps, more(model, reduced)));
  return (await isTapped(bytes, model, taps, [])) || isReduced ? 'tapped' : 'described';
}

/** What the engine adds to a decoder's graph besides. */
function more(model: OnnxModel, { inputs }: Reductions): NewGraphParts[] {
  const rated = tokenRatings(model);
  return rated === undefined ? [inputs] : [inputs, rated.parts];
}

async function describe(model: OnnxModel, bytes: Uint8Array): Promise<void> {
  const source = new MemorySource(bytes);
  const constants = await unlessRefused(() => readShapeConstants(source, model));
  assertReread(source);
  const shapes =
    constants && (await unlessRefused(() => Promise.resolve(inferShapes(model, constants))));
  const outline = shapes && (await unlessRefused(() => outlineFile(model, bytes.length, shapes)));
  // What goes to the editor is compared as the numbers that people will read.
  for (const [what, count] of Object.entries({ ...outline?.size, all: outline?.parameters ?? 0 })) {
    assert.ok(count >= 0 && count < Infinity, `${what}: ${count}`);
  }
}

async function check(
  model: OnnxModel,
  bytes: Uint8Array,
  role: GraphRole | undefined,
): Promise<void> {
  const constants = await readShapeConstants(new MemorySource(bytes), model);
  const shapes = inferShapes(model, constants);
  await unlessRefused(() =>
    examineCheck(model, NAME, { constants, shapes, reader: readerOf(bytes) }, role),
  );
}

function readerOf(bytes: Uint8Array): TensorReader {
  return new TensorReader({
    source: new MemorySource(bytes),
    file: NAME,
    open: () => Promise.resolve(new MemorySource(new Uint8Array(EXTERNAL_BYTES))),
  });
}

async function readWeights(model: OnnxModel, bytes: Uint8Array): Promise<void> {
  await unlessRefused(() => externalLocations(model, NAME));
  const bound = await unlessRefused(() => bindWeights(model));
  if (bound === undefined) {
    return;
  }
  const reader = readerOf(bytes);
  const store = onnxParameters(bound, reader);
  await unlessRefused(() => matchNames(bound, store.shapes, 'decoder'));
  await readSome(store);
  const parts = new TensorParts(reader);
  const weights = storedWeights(model);
  await examineTensors(
    onnxTensors({ file: NAME, onnx: model, weights, bound, copies: new Map() }),
    parts,
  );
  await equalMatrices(
    [...bound.parameters.values(), ...bound.unbound].flatMap(
      ({ tensor, quantization }) => matrixOf(tensor, quantization, parts) ?? [],
    ),
  );
}

/** Taps a model, if it can be, and holds the new file against what was asked for. */
async function isTapped(
  bytes: Uint8Array,
  model: OnnxModel,
  taps: readonly AttentionTap[],
  more: readonly NewGraphParts[],
): Promise<boolean> {
  const tapped = await unlessRefused(() =>
    tappedModel(new MemorySource(bytes), NAME, model, taps, more),
  );
  // A small file may get a hundred times as much; to read all of that again takes too long.
  if (tapped === undefined || tapped.length > LARGEST_READ_AGAIN) {
    return tapped !== undefined;
  }
  const { graph } = await readOnnx(new MemorySource(tapped), NAME);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  for (const { value } of taps) {
    assert.ok(outputs.has(value), `${value} is no output of the tapped model`);
  }
  return true;
}

function assertReread({ bytesRead, size }: MemorySource): void {
  assert.ok(bytesRead <= REREADS * size + 1, `${bytesRead} bytes were read`);
}
