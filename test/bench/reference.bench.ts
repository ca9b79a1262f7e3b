import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../../src/engine/runtime/session';
import { int64Row } from '../../src/engine/runtime/tensor';
import { FileSource } from '../../src/library/fileSource';
import { readOnnx } from '../../src/onnx/file/readModel';
import { KEPT_BYTES } from '../../src/engine/reference/referenceOf';
import { cachedParameters } from '../../src/reference/cachedParameters';
import type { MatrixKernel } from '../../src/reference/kernel/matrixKernel';
import { plainKernel } from '../../src/reference/kernel/plainKernel';
import { wasmKernel } from '../../src/reference/kernel/wasmKernel';
import { openReference } from '../../src/reference/transformer';
import { bindWeights } from '../../src/weights/bindWeights';
import type { ParameterStore } from '../../src/weights/parameterStore';
import { onnxParameters } from '../support/weights/onnxParameters';
import { TensorReader } from '../../src/weights/tensorReader';
import { GPT2_SMALL, writeGpt2, type Gpt2Sizes } from './gpt2';

/*
 * The reference beside ONNX Runtime: a run of a model of the size of GPT-2 small with random weights,
 * which stay in memory after the first run, as in the engine; and with weights read from the file in
 * each run. All use one thread and take turns, so that whatever else the machine does meets all of
 * them; ratios are medians over the rounds. The
 * plain kernel, which takes many seconds, has one turn. Processor time stands beside the wall clock's,
 * for machines that are busy.
 *
 * npm run bench -- reference [TOKENS]
 */

const TOKENS = 64;
const ROUNDS = 7;
/**
 * Logits of both may differ by this much, relative to the largest of them. The random model makes much
 * of little: those of ONNX Runtime lie 2.4e-5 from those that sums in float64 give.
 */
const TOLERANCE = 1e-4;

interface Run extends Times {
  logits: Float32Array;
}

interface Times {
  ms: number;
  /** Of the processor, all threads together. */
  cpuMs: number;
}

/** Where the time of a run of the reference went. */
interface ReferenceRun extends Run {
  productMs: number;
  readingMs: number;
  /** Multiplications and additions of all products. */
  operations: number;
}

async function main(tokens: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  const sizes: Gpt2Sizes = { ...GPT2_SMALL, context: tokens };
  const file = writeGpt2(folder, sizes);
  const sources = new Sources(folder);
  try {
    const ids = Array.from({ length: tokens }, (_, i) => (i * 7919) % sizes.vocabulary);
    const runtime = await openRuntime(file, ids);
    const parameters = await openParameters(sources, file);
    const kernel = await wasmKernel();
    const withVectors = reference(kernel, cachedParameters(parameters, KEPT_BYTES), sizes, ids);
    const fromFile = reference(kernel, parameters, sizes, ids);
    const rounds: { runtime: Run; reference: ReferenceRun; fromFile: ReferenceRun }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const all = {
        runtime: await runtime(),
        reference: await withVectors(),
        fromFile: await fromFile(),
      };
      checkLogits(all.reference.logits, all.runtime.logits);
      // The first round is the one in which everything is loaded and compiled.
      if (round > 0) {
        rounds.push(all);
      }
    }
    const plain = await reference(plainKernel, parameters, sizes, ids)();

    const runtimes = rounds.map((round) => round.runtime);
    const references = rounds.map((round) => round.reference);
    const fromFiles = rounds.map((round) => round.fromFile);
    console.log(`${tokens} tokens, one thread`);
    print('ONNX Runtime', runtimes, runtimes);
    print('reference, WebAssembly', references, runtimes);
    printShares(references);
    print('… weights from file', fromFiles, runtimes);
    printShares(fromFiles);
    print('reference, TypeScript', [plain], runtimes);
    printShares([plain]);
  } finally {
    await sources.close();
    rmSync(folder, { recursive: true });
  }
}

async function openRuntime(file: string, ids: readonly number[]): Promise<() => Promise<Run>> {
  const session = await openSession({ file }, file);
  const feeds = new Map([['input_ids', int64Row(ids)]]);
  return () =>
    timed(async () => {
      const logits = (await session.run(feeds, ['logits'])).get('logits');
      if (logits?.type !== 'float32') {
        throw new Error('The model has no logits in float32');
      }
      return { logits: logits.data };
    });
}

/** A run of the reference in which kernel and parameters tell how long they took. */
function reference(
  kernel: MatrixKernel,
  parameters: ParameterStore,
  { layers, heads, width, vocabulary, context }: Gpt2Sizes,
  ids: readonly number[],
): () => Promise<ReferenceRun> {
  const spent = { productMs: 0, readingMs: 0, operations: 0 };
  const timedKernel: MatrixKernel = {
    product: (a, b, m, k, n) => {
      const start = performance.now();
      const product = kernel.product(a, b, m, k, n);
      spent.productMs += performance.now() - start;
      spent.operations += 2 * m * k * n;
      return product;
    },
  };
  // Several parameters are read at a time: what counts is how long any is.
  let pending = 0;
  let begun = 0;
  const timedParameters: ParameterStore = {
    shapes: parameters.shapes,
    read: async (name, isTransposed) => {
      begun = pending === 0 ? performance.now() : begun;
      pending += 1;
      const elements = await parameters.read(name, isTransposed);
      pending -= 1;
      spent.readingMs += pending === 0 ? performance.now() - begun : 0;
      return elements;
    },
  };
  const config = {
    model_type: 'gpt2',
    n_layer: layers,
    n_head: heads,
    n_embd: width,
    n_positions: context,
    vocab_size: vocabulary,
    activation_function: 'gelu',
  };
  const model = openReference(config, timedParameters, timedKernel);
  return () => {
    Object.assign(spent, { productMs: 0, readingMs: 0, operations: 0 });
    return timed(async () => {
      const { logits } = await model.run({ ids: [ids] });
      return { logits: logits.data, ...spent };
    });
  };
}

async function openParameters(sources: Sources, file: string): Promise<ParameterStore> {
  const source = await sources.open(path.basename(file));
  const weights = bindWeights(await readOnnx(source, file));
  const open = (location: string): Promise<FileSource> => sources.open(location);
  return onnxParameters(weights, new TensorReader({ source, file, open }));
}

/** The files of a folder, each opened once. */
class Sources {
  private readonly sources = new Map<string, Promise<FileSource>>();

  constructor(private readonly folder: string) {}

  open(name: string): Promise<FileSource> {
    const source = this.sources.get(name) ?? FileSource.open(path.join(this.folder, name));
    this.sources.set(name, source);
    return source;
  }

  async close(): Promise<void> {
    for (const source of this.sources.values()) {
      await (await source).close();
    }
  }
}

function checkLogits(logits: Float32Array, expected: Float32Array): void {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = expected.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (logits[i] ?? NaN))),
    0,
  );
  if (logits.length !== expected.length || !(difference <= TOLERANCE * scale)) {
    throw new Error(`Logits up to ${scale} differ by up to ${difference}`);
  }
}

async function timed<T>(run: () => Promise<T>): Promise<T & Times> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await run();
  const { user, system } = process.cpuUsage(cpu);
  return { ...result, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

/** Prints medians, those of ratios to the runtime's run of the same round; a lone run has no round. */
function print(name: string, runs: readonly Times[], runtimes: readonly Times[]): void {
  const ratio = (of: keyof Times): string => {
    const usual = median(runtimes.map((runtime) => runtime[of]));
    const beside = (round: number): number =>
      runs.length === 1 ? usual : (runtimes[round]?.[of] ?? NaN);
    return median(runs.map((run, round) => run[of] / beside(round))).toFixed(2);
  };
  const ms = median(runs.map((run) => run.ms)).toFixed(0);
  console.log(
    `  ${name.padEnd(24)}${ms.padStart(7)} ms  ${ratio('ms')} × ONNX Runtime (processor ${ratio('cpuMs')} ×)`,
  );
}

function printShares(runs: readonly ReferenceRun[]): void {
  const share = (part: (run: ReferenceRun) => number): string =>
    `${(100 * median(runs.map((run) => part(run) / run.ms))).toFixed(0)} %`;
  const speed = median(runs.map((run) => run.operations / run.productMs / 1e6));
  console.log(
    [
      `    products ${share((run) => run.productMs)} (${speed.toFixed(1)} GFLOP/s)`,
      `reading weights ${share((run) => run.readingMs)}`,
      `softmax, norms, activations and the rest ${share((run) => run.ms - run.productMs - run.readingMs)}`,
    ].join(', '),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

main(Number(process.argv[2] ?? TOKENS)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
