import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { listFiles } from '../../../src/engine/tasks/tensors/listFiles';
import { TensorListings } from '../../../src/engine/tasks/tensors/listings';
import { tensorStatistics } from '../../../src/engine/tasks/tensors/tensorTasks';
import { FileSource } from '../../../src/library/fileSource';
import type { TensorId } from '../../../src/shared/tensorListing';

/*
 * What the statistics of a tensor of 150 MB cost: in milliseconds, beside reading the bytes alone in pieces of
 * the same size, both from the cache of the system, and in time of the processor, which a busy machine does not
 * stretch; and how long it takes from a cancellation in the midst of it
 * until the call ends. Numbers are drawn from a normal distribution. Blocks of q4_k are 27 million elements in 15 MB,
 * of random bits.
 */

const BYTES = 150_000_000;
const ROUNDS = 9;
const CANCELLATIONS = 15;
const PIECE = 2 ** 20;

/** Element types, and how many bytes of them a file of safetensors has. */
const TYPES = [
  // First: what has seen 64-bit floats too is slower for all.
  { name: 'float64', code: 'F64', size: 8 },
  { name: 'float32', code: 'F32', size: 4 },
  { name: 'float16', code: 'F16', size: 2 },
  { name: 'bfloat16', code: 'BF16', size: 2 },
  { name: 'int8', code: 'I8', size: 1 },
] as const;

/** Prints a row for each element type. */
export async function reportTensorStatistics(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  try {
    print(
      ...['150 MB of', 'statistics', 'of processor', 'bytes alone', 'ratio'],
      'from abort to end (median, longest)',
    );
    for (const type of TYPES) {
      const file = path.join(folder, `${type.name}.safetensors`);
      await writeTensor(file, type);
      await report(type.name, file);
      rmSync(file);
    }
    const blocks = path.join(folder, 'q4_k.gguf');
    await writeBlocks(blocks);
    await report('q4_k (15 MB)', blocks);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function report(name: string, file: string): Promise<void> {
  const listings = new TensorListings();
  await listings.list(file);
  const id: TensorId = { path: file, file, name: 'w' };
  const rounds: { statistics: number; processor: number; bytes: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const statistics = await timed(() => compute(listings, id, new AbortController().signal));
    const { user, system } = process.cpuUsage(before);
    rounds.push({
      statistics,
      processor: (user + system) / 1000,
      bytes: await timed(() => readBytes(file)),
    });
  }
  const ms = median(rounds.map((round) => round.statistics));
  const waits: number[] = [];
  for (let round = 0; round < CANCELLATIONS; round++) {
    waits.push(await cancelled(listings, id, Math.floor((ms * (round + 0.5)) / CANCELLATIONS)));
  }
  const ratio = median(rounds.map((round) => round.statistics / round.bytes));
  print(
    name,
    `${ms.toFixed(0)} ms`,
    `${median(rounds.map(({ processor }) => processor)).toFixed(0)} ms`,
    `${median(rounds.map(({ bytes }) => bytes)).toFixed(0)} ms`,
    `${ratio.toFixed(1)} ×`,
    `${median(waits).toFixed(1)} ms, ${Math.max(...waits).toFixed(1)} ms`,
  );
}

async function compute(listings: TensorListings, id: TensorId, signal: AbortSignal): Promise<void> {
  const { elements } = await tensorStatistics(listings, id, { signal, report: () => undefined });
  if (elements === 0) {
    throw new Error('no element was read');
  }
}

/**
 * Milliseconds from a cancellation, so long after the start, until the call ends. What keeps the timer
 * from its turn would keep the message of another process from it, too, and counts.
 */
async function cancelled(listings: TensorListings, id: TensorId, after: number): Promise<number> {
  const controller = new AbortController();
  const start = performance.now() + after;
  setTimeout(() => controller.abort(), after);
  try {
    await compute(listings, id, controller.signal);
    return 0;
  } catch (error) {
    if (!controller.signal.aborted) {
      throw error;
    }
    return performance.now() - start;
  }
}

async function readBytes(file: string): Promise<void> {
  const source = await FileSource.open(file);
  for (let at = 0; at < source.size; at += PIECE) {
    await source.read(at, Math.min(PIECE, source.size - at));
  }
  await source.close();
}

/** Writes one tensor `w`, a piece of random numbers again and again. */
async function writeTensor(file: string, { code, size }: (typeof TYPES)[number]): Promise<void> {
  const count = BYTES / size;
  const entry = { dtype: code, shape: [count], data_offsets: [0, BYTES] };
  const header = Buffer.from(JSON.stringify({ w: entry }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const numbers = Float32Array.from({ length: PIECE / size }, normal);
  const piece = encoded(numbers, code);
  const handle = await open(file, 'w');
  await handle.write(Buffer.concat([length, header]));
  for (let left = BYTES; left > 0; left -= piece.length) {
    await handle.write(piece.subarray(0, Math.min(left, piece.length)));
  }
  await handle.close();
  const { files } = await listFiles(file);
  if (files[0]?.tensors.length !== 1) {
    throw new Error('the tensor was not written');
  }
}

/** Writes one tensor `w` of blocks, whose scales are finite. */
async function writeBlocks(file: string): Promise<void> {
  const size = 144;
  const rows = 4096;
  const count = Math.floor(BYTES / 10 / size / rows) * rows;
  const header = Buffer.alloc(96);
  header.write('GGUF');
  header.writeUInt32LE(3, 4);
  header.writeBigUInt64LE(1n, 8);
  header.writeBigUInt64LE(1n, 24);
  header.write('w', 32);
  header.writeUInt32LE(2, 33);
  header.writeBigUInt64LE(BigInt((count / rows) * 256), 37);
  header.writeBigUInt64LE(BigInt(rows), 45);
  header.writeUInt32LE(12, 53);
  const blocks = Buffer.alloc(count * size);
  for (let at = 0; at < blocks.length; at++) {
    const inBlock = at % size;
    // Two scales in half precision, about 0.01.
    blocks[at] = inBlock < 4 ? (inBlock % 2 === 0 ? 0x1e : 0x21) : Math.random() * 256;
  }
  const handle = await open(file, 'w');
  await handle.write(Buffer.concat([header, blocks]));
  await handle.close();
}

function encoded(numbers: Float32Array, code: (typeof TYPES)[number]['code']): Uint8Array {
  const words = new Uint32Array(numbers.buffer);
  switch (code) {
    case 'F64':
      return new Uint8Array(Float64Array.from(numbers).buffer);
    case 'F32':
      return new Uint8Array(numbers.buffer);
    case 'BF16':
      return new Uint8Array(Uint16Array.from(words, (word) => word >>> 16).buffer);
    case 'F16':
      return new Uint8Array(
        Uint16Array.from(words, (word) => {
          // Cut off; what is too small for half precision becomes 0.
          const exponent = ((word >>> 23) & 0xff) - 112;
          const sign = (word >>> 16) & 0x8000;
          return exponent <= 0 ? sign : sign | (exponent << 10) | ((word >>> 13) & 0x3ff);
        }).buffer,
      );
    case 'I8':
      return Uint8Array.from(numbers, (value) => Math.round(value * 1000) & 0xff);
  }
}

/** About 0.02 wide, as weights are. */
function normal(): number {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  return 0.02 * radius * Math.cos(2 * Math.PI * Math.random());
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function print(...cells: string[]): void {
  console.log(cells.map((cell) => cell.padEnd(14)).join(''));
}
