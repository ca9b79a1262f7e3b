import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { diff } from '../../../src/engine/tasks/diff/diff';
import { FileSource } from '../../../src/library/fileSource';
import { GPT2_SMALL, writeGpt2 } from '../gpt2';

/*
 * What it costs to compare the graphs and all numbers of a model of the size of GPT-2 small in float32 with the
 * same in 8 bits: time, beside reading the bytes of both alone, from the cache of the system; and the memory of a
 * process that does nothing else, at its peak. The embedding table stays in float32 in both.
 */

const ROUNDS = 3;
const PIECE = 2 ** 20;

/** How this program is told to be that process. */
const ALONE = '--diff';

/** Prints what a comparison takes; as the process of its own, what it took. */
export async function reportModelDiff(): Promise<void> {
  const [option, a, b] = process.argv.slice(2);
  if (option === ALONE && a !== undefined && b !== undefined) {
    await compare(a, b);
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  try {
    const files = [false, true].map((isQuantized) => {
      const place = path.join(folder, isQuantized ? 'int8' : 'float32');
      mkdirSync(place);
      return writeGpt2(place, { ...GPT2_SMALL, context: 1024 }, isQuantized);
    }) as [string, string];
    const bytes = files.map((file) => statSync(`${file}_data`).size);
    for (let round = 0; round < ROUNDS; round++) {
      const reading = await timed(() => readBytes(files));
      const script = process.argv[1] ?? '';
      const { stdout } = spawnSync(process.execPath, [script, ALONE, ...files], {
        encoding: 'utf8',
      });
      const { ms, peak, found } = JSON.parse(stdout) as Awaited<ReturnType<typeof compare>>;
      const share = (1024 * peak) / Math.max(...bytes);
      console.log(
        [
          `diff of ${bytes.map((size) => `${(size / 1e6).toFixed(0)} MB`).join(' and ')}`,
          `${(ms / 1000).toFixed(2)} s`,
          `bytes alone ${(reading / 1000).toFixed(2)} s`,
          `ratio ${(ms / reading).toFixed(1)} ×`,
          `peak memory ${(peak / 1024).toFixed(0)} MiB, ${share.toFixed(2)} × the larger file`,
          found,
        ].join('   '),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(a: string, b: string): Promise<{ ms: number; peak: number; found: string }> {
  const context = { signal: new AbortController().signal, report: () => undefined };
  let found = '';
  const ms = await timed(async () => {
    const { tensors } = await diff(a, b, undefined, context);
    found = `${tensors.different.length} tensors differ, ${tensors.equal} equal`;
  });
  const result = { ms, peak: process.resourceUsage().maxRSS, found };
  console.log(JSON.stringify(result));
  return result;
}

async function readBytes(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const source = await FileSource.open(`${file}_data`);
    for (let at = 0; at < source.size; at += PIECE) {
      await source.read(at, Math.min(PIECE, source.size - at));
    }
    await source.close();
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
