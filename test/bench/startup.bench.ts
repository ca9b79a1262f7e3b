import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HeadlightApi } from '../../src/extension';

/*
 * What Headlight costs before it is used: the time of `activate()`, the start of the engine
 * process, the size of the package. Each time stands beside one of something comparable, measured
 * in the same run. The file is a program, and also the suite that it has VS Code run.
 */

const ROUNDS = 15;
const root = path.resolve(process.cwd());
const ENGINE = path.join(root, 'dist', 'engine.js');

interface Activation {
  /** Of `activate()` alone, as the extension itself measures it. */
  ownMs: number;
  /** Of the whole call: loading the bundle and what the host does around it included. */
  headlightMs: number;
  /** The same call for an extension that comes with VS Code. */
  builtInMs: number;
}

const BUILT_IN = 'vscode.merge-conflict';

/** Inside VS Code: activates both extensions and writes down what it took. */
export async function run(): Promise<void> {
  const vscode = await import('vscode');
  const activate = async (id: string): Promise<{ ms: number; api: unknown }> => {
    const extension = vscode.extensions.getExtension<unknown>(id);
    if (!extension || extension.isActive) {
      throw new Error(`${id} is ${extension ? 'active already' : 'not installed'}`);
    }
    const start = performance.now();
    const api = await extension.activate();
    return { ms: performance.now() - start, api };
  };
  const builtIn = await activate(BUILT_IN);
  const headlight = await activate('headlight.headlight');
  const measured: Activation = {
    ownMs: (headlight.api as HeadlightApi).activationMs,
    headlightMs: headlight.ms,
    builtInMs: builtIn.ms,
  };
  writeFileSync(process.env['HEADLIGHT_BENCH_REPORT'] ?? '', JSON.stringify(measured));
}

async function main(): Promise<void> {
  const { ownMs, headlightMs, builtInMs } = await measureActivation();
  print('activate() itself', `${ownMs.toFixed(1)} ms`);
  print(
    'activation, seen by the host',
    `${headlightMs.toFixed(1)} ms`,
    `${(headlightMs / builtInMs).toFixed(2)} × ${BUILT_IN} (${builtInMs.toFixed(1)} ms)`,
  );

  const empty = path.join(mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-')), 'empty.js');
  writeFileSync(empty, 'process.send({}); process.on("disconnect", () => process.exit());');
  const engine: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    engine.push(await firstMessage(ENGINE));
    bare.push(await firstMessage(empty));
  }
  rmSync(path.dirname(empty), { recursive: true });
  print(
    'engine, fork to first message',
    `${median(engine).toFixed(0)} ms`,
    `${(median(engine) / median(bare)).toFixed(2)} × an empty process (${median(bare).toFixed(0)} ms), median of ${ROUNDS}`,
  );

  execFileSync(process.execPath, ['scripts/package.mjs', 'linux-x64'], { cwd: root });
  const bytes = statSync(path.join(root, 'build', 'headlight-linux-x64.vsix')).size;
  const runtime = path.join(root, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64');
  const unpacked = statSync(path.join(runtime, 'libonnxruntime.so.1')).size;
  print(
    'VSIX for linux-x64',
    `${(bytes / 1e6).toFixed(1)} MB`,
    `${(bytes / unpacked).toFixed(2)} × the runtime's library alone, unpacked (${(unpacked / 1e6).toFixed(1)} MB)`,
  );
}

async function measureActivation(): Promise<Activation> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  const report = path.join(folder, 'activation.json');
  const runner = pathToFileURL(path.join(root, 'tools/integration.mjs')).href;
  const { runInExtensionHost } = (await import(runner)) as {
    runInExtensionHost: (suite: string, env: NodeJS.ProcessEnv) => Promise<number>;
  };
  const status = await runInExtensionHost(__filename, { HEADLIGHT_BENCH_REPORT: report });
  if (status !== 0) {
    throw new Error('VS Code did not measure the activation');
  }
  const measured = JSON.parse(readFileSync(report, 'utf8')) as Activation;
  rmSync(folder, { recursive: true });
  return measured;
}

/** Milliseconds from fork to the first message of a process, which is ended then. */
async function firstMessage(file: string): Promise<number> {
  const start = performance.now();
  const child = fork(file, [], { serialization: 'advanced', silent: true });
  await once(child, 'message');
  const elapsed = performance.now() - start;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return elapsed;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function print(what: string, figure: string, ratio = ''): void {
  console.log([what.padEnd(32), figure.padStart(10), ratio].join('  ').trimEnd());
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
