import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inspect } from '../../src/engine/tasks/inspect';
import { checkExternalFiles } from '../../src/library/externalFiles';
import { FileSource } from '../../src/library/fileSource';
import { findAttentionTaps } from '../../src/onnx/attention/findAttention';
import { externalLocations } from '../../src/onnx/graph/externalData';
import type { ByteSource } from '../../src/onnx/graph/model';
import { readOnnx } from '../../src/onnx/file/readModel';
import { block, concatenate, head, integer } from '../../src/onnx/file/wireWriter';

/*
 * What it costs to open a large model: to read its graph, check the files with its weights and find
 * its attention. Each stands beside the same graph with weights of a few bytes, read in the same
 * run. The large files are sparse: their weights take no space on the disk, and are never read.
 *
 * Then what it costs to describe a model of 2 GB of random numbers, which are compared to find what is stored
 * twice: in one file, where nothing is, and in two that are alike. These lie in the cache of the system.
 */

const ROUNDS = 15;

interface Shape {
  layers: number;
  /** Width of the model: a layer has 12 × width² weights, as GPT-2's has. */
  width: number;
}

const LARGE_EXTERNAL: Shape = { layers: 24, width: 1344 };
const LARGE_SINGLE: Shape = { layers: 40, width: 2304 };
const SMALL_WIDTH = 8;

/** Name, and how many times the width both sizes are, of a layer's weights. */
const WEIGHTS: readonly (readonly [name: string, rows: number, columns: number])[] = [
  ['q', 1, 1],
  ['k', 1, 1],
  ['v', 1, 1],
  ['o', 1, 1],
  ['up', 1, 4],
  ['down', 4, 1],
];

interface Opened {
  ms: number;
  bytesRead: number;
  layers: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  try {
    for (const { title, shape, write } of [
      { title: 'external data', shape: LARGE_EXTERNAL, write: writeExternal },
      { title: 'a single file', shape: LARGE_SINGLE, write: writeSingle },
    ]) {
      const large = path.join(folder, 'large.onnx');
      const small = path.join(folder, 'small.onnx');
      const bytes = await write(large, shape);
      await write(small, { ...shape, width: SMALL_WIDTH });
      await report(`${(bytes / 1e9).toFixed(1)} GB, ${title}`, large, small, shape);
    }
    await reportDescription(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function report(title: string, large: string, small: string, shape: Shape): Promise<void> {
  const rounds: { large: Opened; small: Opened }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ large: await openModel(large), small: await openModel(small) });
  }
  const last = rounds.at(-1);
  if (last?.large.layers !== shape.layers || last.small.layers !== shape.layers) {
    throw new Error('not every attention layer was found');
  }
  const ms = median(rounds.map((round) => round.large.ms));
  const smallMs = median(rounds.map((round) => round.small.ms));
  const ratio = median(rounds.map((round) => round.large.ms / round.small.ms));
  print(title, 'time', `${ms.toFixed(1)} ms`, `${ratio.toFixed(2)} ×`, `${smallMs.toFixed(1)} ms`);
  print(
    '',
    'bytes read',
    `${(last.large.bytesRead / 1e6).toFixed(2)} MB`,
    `${(last.large.bytesRead / last.small.bytesRead).toFixed(2)} ×`,
    `${(last.small.bytesRead / 1e6).toFixed(2)} MB`,
  );
}

async function reportDescription(folder: string): Promise<void> {
  const numbers = randomNumbers();
  const one = path.join(folder, 'one', 'model.onnx');
  const two = path.join(folder, 'two');
  const small = path.join(folder, 'small', 'model.onnx');
  for (const place of [path.dirname(one), two, path.dirname(small)]) {
    mkdirSync(place);
  }
  const shape = { layers: 24, width: 1344 };
  const bytes = await writeSingle(one, shape, numbers);
  await writeSingle(small, { ...shape, width: SMALL_WIDTH });
  await describe(`${(bytes / 1e9).toFixed(1)} GB, one file`, one, small, 0);
  const half = { ...shape, layers: shape.layers / 2 };
  writeFileSync(path.join(two, 'config.json'), '{"model_type": "of_tomorrow"}');
  let both = 0;
  for (const name of ['a.onnx', 'b.onnx']) {
    both += await writeSingle(path.join(two, name), half, numbers);
  }
  await describe(
    `${(both / 1e9).toFixed(1)} GB, two alike`,
    two,
    small,
    half.layers * WEIGHTS.length,
  );
}

/** @param repeated how many matrices must be found twice. */
async function describe(
  title: string,
  large: string,
  small: string,
  repeated: number,
): Promise<void> {
  const times: { large: number; small: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const found = await timed(large);
    if (found.repeated !== repeated) {
      throw new Error(`${found.repeated} matrices are stored twice, and not ${repeated}`);
    }
    times.push({ large: found.ms, small: (await timed(small)).ms });
  }
  const ms = median(times.map((each) => each.large));
  const smallMs = median(times.map((each) => each.small));
  const ratio = median(times.map((each) => each.large / each.small));
  print(
    title,
    'described',
    `${ms.toFixed(1)} ms`,
    `${ratio.toFixed(2)} ×`,
    `${smallMs.toFixed(1)} ms`,
  );
}

async function timed(target: string): Promise<{ ms: number; repeated: number }> {
  const start = performance.now();
  const { outlines } = await inspect(target);
  return { ms: performance.now() - start, repeated: outlines[0]?.repeated.length ?? NaN };
}

/** Numbers between −1 and 1, as float32. Their count is a prime, so that no two weights have the same. */
function randomNumbers(): Uint8Array {
  let state = 1;
  const numbers = Float32Array.from({ length: 4_194_301 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
  return new Uint8Array(numbers.buffer);
}

async function openModel(file: string): Promise<Opened> {
  const start = performance.now();
  const source = await FileSource.open(file);
  let bytesRead = 0;
  const counting: ByteSource = {
    size: source.size,
    read: (offset, length) => {
      bytesRead += length;
      return source.read(offset, length);
    },
  };
  try {
    const model = await readOnnx(counting, file);
    await checkExternalFiles(file, externalLocations(model, file));
    const layers = findAttentionTaps(model, file).length;
    return { ms: performance.now() - start, bytesRead, layers };
  } finally {
    await source.close();
  }
}

/** Writes a model with its weights in `….data`; answers the size of both files. */
async function writeExternal(file: string, shape: Shape): Promise<number> {
  const data = `${path.basename(file)}.data`;
  let offset = 0;
  const tensors = weightsOf(shape).map(({ name, dims, bytes }) => {
    const place = { location: data, offset: String(offset), length: String(bytes) };
    offset += bytes;
    const entries = Object.entries(place).map(([key, value]) =>
      block(13, block(1, key), block(2, value)),
    );
    return block(5, ...tensorFields(name, dims), ...entries, integer(14, 1));
  });
  const graph = block(7, ...nodesOf(shape), ...tensors, ...bordersOf());
  await writeFile(file, concatenate([integer(1, 8), graph, opset()]));
  const dataFile = path.join(path.dirname(file), data);
  await writeFile(dataFile, '');
  await truncate(dataFile, offset);
  return offset + (await stat(file)).size;
}

/**
 * Writes a model with its weights among its nodes; answers the size of the file.
 * @param numbers what the weights are filled with, over and over; absent for holes.
 */
async function writeSingle(file: string, shape: Shape, numbers?: Uint8Array): Promise<number> {
  const tensors = weightsOf(shape).map(({ name, dims, bytes }) => {
    const before = concatenate([...tensorFields(name, dims), head(9, bytes)]);
    return { start: concatenate([head(5, before.length + bytes), before]), bytes };
  });
  const nodes = concatenate(nodesOf(shape));
  const borders = concatenate(bordersOf());
  const graphBytes =
    nodes.length +
    borders.length +
    tensors.reduce((sum, { start, bytes }) => sum + start.length + bytes, 0);
  const handle = await open(file, 'w');
  let at = 0;
  let filled = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    await handle.write(bytes, 0, bytes.length, at);
    at += bytes.length;
  };
  await write(concatenate([integer(1, 8), head(7, graphBytes), nodes]));
  for (const { start, bytes } of tensors) {
    await write(start);
    const end = at + bytes;
    while (numbers !== undefined && at < end) {
      const from = filled % numbers.length;
      const some = numbers.subarray(from, Math.min(numbers.length, from + end - at));
      await write(some);
      filled += some.length;
    }
    at = end;
  }
  await write(concatenate([borders, opset()]));
  await handle.close();
  return at;
}

function weightsOf({ layers, width }: Shape): { name: string; dims: number[]; bytes: number }[] {
  return Array.from({ length: layers }, (_, layer) =>
    WEIGHTS.map(([name, rows, columns]) => ({
      name: `${layer}.${name}`,
      dims: [rows * width, columns * width],
      bytes: 4 * rows * columns * width * width,
    })),
  ).flat();
}

function tensorFields(name: string, dims: readonly number[]): Uint8Array[] {
  return [...dims.map((size) => integer(1, size)), integer(2, 1), block(8, name)];
}

/** The nodes of all layers: attention without heads of its own, and a feed-forward network. */
function nodesOf({ layers }: Shape): Uint8Array[] {
  return Array.from({ length: layers }, (_, layer) => {
    const own = (name: string): string => `/layers.${layer}/${name}`;
    const node = (operator: string, output: string, ...inputs: string[]): Uint8Array =>
      block(
        1,
        ...inputs.map((input) => block(1, input)),
        block(2, own(output)),
        block(3, own(`${output}/${operator}`)),
        block(4, operator),
      );
    const from = layer === 0 ? 'embeddings' : `/layers.${layer - 1}/down`;
    return [
      ...['q', 'k', 'v'].map((name) => node('MatMul', name, from, `${layer}.${name}`)),
      node('Transpose', 'kT', own('k')),
      node('MatMul', 'scores', own('q'), own('kT')),
      node('Softmax', 'probabilities', own('scores')),
      node('MatMul', 'mixed', own('probabilities'), own('v')),
      node('MatMul', 'o', own('mixed'), `${layer}.o`),
      node('MatMul', 'up', own('o'), `${layer}.up`),
      node('Relu', 'act', own('up')),
      node('MatMul', 'down', own('act'), `${layer}.down`),
    ];
  }).flat();
}

function bordersOf(): Uint8Array[] {
  return [block(11, block(1, 'embeddings')), block(12, block(1, 'logits'))];
}

function opset(): Uint8Array {
  return block(8, integer(2, 17));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function print(title: string, what: string, figure: string, ratio: string, small: string): void {
  console.log(
    [
      title.padEnd(22),
      what.padEnd(10),
      figure.padStart(10),
      ratio.padStart(8),
      `the same graph with small weights (${small})`,
    ].join('  '),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
