import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ModelGraph } from '../../src/engine/modelGraph';
import { int64Row } from '../../src/engine/runtime/tensor';
import { GraphRun } from '../../src/engine/tracing/graphRun';
import { GPT2_SMALL, writeGpt2 } from './gpt2';

/*
 * What attention costs on top of a run, for a model of the size of GPT-2 small with random weights:
 * figures and thumbnails of all heads, and one head's whole map. Plain and tapped runs take turns in
 * one process, so that whatever else the machine does meets both; a process for each kind of run
 * tells its memory. Processor time stands beside the wall clock's, for machines that are busy.
 *
 * npm run bench -- trace [TOKENS …]
 */

const LENGTHS = [64, 256, 512, 2048];
/** Tokens that all rounds of one length may take together, so that long texts run less often. */
const TOKENS_OF_A_LENGTH = 20_000;
const ROUNDS = { least: 3, most: 15 } as const;
const THUMBNAIL_CELLS = 64;
const FILE = 'model.onnx';

/**
 * The threads of the session that ran before look out for more work for a while, and would take time
 * from those of the next one.
 */
const SPINNING_MS = 200;

/**
 * The kinds of runs. Plain ones return the logits, and so do those with statistics and tiles; a
 * trace has ratings of all tokens in their place. The engine takes neither along when it runs again
 * for a map.
 */
const VARIANTS = ['plain', 'statistics', 'trace', 'head'] as const;
type Variant = (typeof VARIANTS)[number];

/** What a process is to do; it answers with a {@link Measured}. */
interface Job {
  folder: string;
  tokens: number;
  /** They take turns, this many times after a first round that does not count. */
  variants: readonly Variant[];
  rounds: number;
}

interface Measured {
  times: Partial<Record<Variant, Times>>;
  /** Largest memory of the process so far, and that before the first run. Unit: bytes. */
  peak: number;
  loaded: number;
}

/** Medians. */
interface Times {
  wallMs: number;
  cpuMs: number;
}

async function main(lengths: readonly number[]): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  try {
    writeGpt2(folder, { ...GPT2_SMALL, context: Math.max(...lengths) });
    for (const tokens of lengths) {
      const rounds = Math.round(TOKENS_OF_A_LENGTH / tokens);
      const { times } = await measured({
        folder,
        tokens,
        variants: VARIANTS,
        rounds: Math.max(ROUNDS.least, Math.min(ROUNDS.most, rounds)),
      });
      console.log(`${tokens} tokens`);
      for (const variant of VARIANTS) {
        const { peak, loaded } = await measured({ folder, tokens, variants: [variant], rounds: 0 });
        print(variant, times[variant], times.plain, peak, loaded);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(
  variant: Variant,
  times: Times | undefined,
  plain: Times | undefined,
  peak: number,
  loaded: number,
): void {
  const ratio = (of: keyof Times): string =>
    ((times?.[of] ?? NaN) / (plain?.[of] ?? NaN)).toFixed(2);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(
    [
      `  ${variant.padEnd(12)}`,
      `${(times?.wallMs ?? NaN).toFixed(0).padStart(7)} ms`,
      `${ratio('wallMs')} × plain`,
      `(processor ${ratio('cpuMs')} ×)`,
      `peak ${megabytes(peak)}, ${megabytes(peak - loaded)} of it for the run`,
    ].join('  '),
  );
}

/** Has another process do a job. */
async function measured(job: Job): Promise<Measured> {
  const child = fork(__filename, [], {
    serialization: 'advanced',
    env: { ...process.env, [ROLE]: 'child' },
    execArgv: ['--expose-gc'],
  });
  child.send(job);
  const [answer] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([status]) => {
      throw new Error(`The measuring process ended with ${String(status)}`);
    }),
  ])) as [Measured];
  child.disconnect();
  return answer;
}

/** Environment variable that tells a process that it is one of those that measure. */
const ROLE = 'HEADLIGHT_TRACE_BENCH';

async function measure({ folder, tokens, variants, rounds }: Job): Promise<Measured> {
  const file = path.join(folder, FILE);
  const weights = { file, relative: FILE, externalData: [] };
  const graph = await ModelGraph.open(weights, 'decoder-only');
  const ids = Array.from({ length: tokens }, (_, i) => (i * 7919) % GPT2_SMALL.vocabulary);
  const feeds = new Map([['input_ids', int64Row(ids)]]);
  const runs = new Map<Variant, () => Promise<unknown>>();
  if (variants.includes('plain')) {
    const session = await graph.session();
    runs.set('plain', () => session.run(feeds, ['logits']));
  }
  if (variants.some((variant) => variant !== 'plain')) {
    const size = { queries: tokens, keys: tokens };
    const sizes = { self: size, masked: size, cross: size };
    const tapped = await graph.tapped();
    const run = new GraphRun(tapped, feeds, sizes);
    const rated = new GraphRun(tapped, feeds, sizes, { ids });
    runs.set('statistics', () => run.reduced(THUMBNAIL_CELLS, GPT2_SMALL.heads, ['logits']));
    runs.set('trace', () => rated.reduced(THUMBNAIL_CELLS, GPT2_SMALL.heads, []));
    runs.set('head', () => run.map('blocks.6.attn', 5));
  }
  const loaded = peakMemory();
  const taken = new Map(variants.map((variant) => [variant, [] as Times[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const variant of variants) {
      const times = await timed(runs.get(variant) as () => Promise<unknown>);
      if (round > 0) {
        taken.get(variant)?.push(times);
      }
    }
  }
  const times = Object.fromEntries(
    [...taken].map(([variant, all]) => [
      variant,
      {
        wallMs: median(all.map(({ wallMs }) => wallMs)),
        cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
      },
    ]),
  );
  return { times, peak: peakMemory(), loaded };
}

async function timed(run: () => Promise<unknown>): Promise<Times> {
  await setTimeout(SPINNING_MS);
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}

function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

if (process.env[ROLE] === undefined) {
  const lengths = process.argv.slice(2).map(Number);
  main(lengths.length > 0 ? lengths : LENGTHS).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  process.once('message', (job: Job) => {
    void measure(job).then((answer) => process.send?.(answer));
  });
}
