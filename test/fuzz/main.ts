import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../support/root';
import { MOST_FINDS, noOutcomes, runTask, type Report, type Task } from './child';
import { OUTCOMES } from './examine';
import { Examiner, Round } from './round';

/*
 * Damages the fixtures that models are read from in many ways and does with each file all that is
 * done with it when a model is opened, ONNX Runtime left aside, in a process with little memory. A file is a find if it ends that
 * process, holds it up, costs too much, or makes it throw anything but a Failure.
 */

/** The heap of the child. Buffers lie outside of it and are counted. */
const HEAP_MB = 256;

/** Files a child examines before another one takes over, so that what leaks shows as a find. */
const FILES_A_CHILD = 20_000;

const LOOK_MS = 1000;

/** Without progress for so long, on a machine that may be busy with other things, it hangs. */
const HANGING_MS = 20_000;

/** What the command line asks for. */
interface Choice {
  files: number;
  seed: number;
  /** Only this file, which is examined here. */
  index?: number;
}

/** @throws TypeError, RangeError with a message for the reader if the command line makes no sense. */
function parseChoice(): Choice {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: '20000' },
      seed: { type: 'string' },
      index: { type: 'string' },
    },
  });
  return {
    files: wholeNumber(values.files),
    seed: wholeNumber(values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
    ...(values.index === undefined ? {} : { index: wholeNumber(values.index) }),
  };
}

/** Unlike a mistake on the command line, an error of the fuzzer itself is shown with its stack. */
async function main(): Promise<number> {
  let choice: Choice;
  try {
    choice = parseChoice();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  const { files, seed, index } = choice;
  if (index !== undefined) {
    return examineOne(seed, index);
  }
  console.log(`${files} files of seed ${seed}`);
  const outcomes = noOutcomes();
  let finds = 0;
  for (let from = 0; from < files && finds < MOST_FINDS; from += FILES_A_CHILD) {
    const to = Math.min(files, from + FILES_A_CHILD);
    const start = performance.now();
    let cost = '';
    for (let next = from; next < to && finds < MOST_FINDS;) {
      next = await runChild({ seed, from: next, to }, (report) => {
        if (report.kind === 'find') {
          finds++;
          keep(seed, report.index, report.problem);
          return;
        }
        for (const outcome of OUTCOMES) {
          outcomes[outcome] += report.outcomes[outcome];
        }
        const { slowest, memory, memoryBefore } = report;
        cost = [
          `slowest ${slowest.ms.toFixed(0)} ms (file ${slowest.index})`,
          `${inMegabytes(memory)} of memory, ${inMegabytes(memoryBefore)} without a file`,
        ].join(', ');
      });
    }
    const perFile = (performance.now() - start) / (to - from);
    console.log(
      [
        `${to} files: ${OUTCOMES.map((outcome) => `${outcomes[outcome]} ${outcome}`).join(', ')}`,
        `${finds} finds; ${perFile.toFixed(2)} ms a file`,
        cost,
      ].join(', '),
    );
  }
  return finds === 0 ? 0 : 1;
}

/** Runs a child to its end, however it ends; answers the first index that is not examined. */
async function runChild(
  task: Omit<Task, 'progress'>,
  take: (report: Report) => void,
): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-fuzz-'));
  const progress = openSync(path.join(folder, 'progress'), 'w+');
  const position = (): number => {
    const at = new Float64Array([task.from]);
    readSync(progress, at, 0, 8, 0);
    return at[0] ?? task.from;
  };
  const child = fork(__filename, [], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--enable-source-maps'],
    stdio: ['ignore', 'inherit', 'ignore', 'ipc', progress],
  });
  const told = new Set<Report['kind']>();
  child.on('message', (report: Report) => {
    told.add(report.kind);
    take(report);
  });
  child.send({ ...task, progress: CHILD_PROGRESS } satisfies Task);
  let seen = { at: -1, since: performance.now() };
  const timer = setInterval(() => {
    const at = position();
    if (at !== seen.at) {
      seen = { at, since: performance.now() };
    } else if (performance.now() - seen.since > HANGING_MS) {
      child.kill('SIGKILL');
    }
  }, LOOK_MS);
  const ending = await new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`));
  });
  clearInterval(timer);
  const at = position();
  rmSync(folder, { recursive: true });
  if (told.has('done')) {
    return task.to;
  }
  const problem = child.killed ? 'it hangs' : `the process ended: ${ending}`;
  take({ kind: 'find', index: at, problem });
  return at + 1;
}

/** The file descriptor of the progress file in the child: what follows its IPC channel. */
const CHILD_PROGRESS = 4;

/** Writes a find down and says how to see it again. */
function keep(seed: number, index: number, problem: string): void {
  const folder = path.join(root, 'build', 'fuzz');
  mkdirSync(folder, { recursive: true });
  const { format, bytes, changes } = new Round(seed).mutant(index);
  const file = path.join(folder, `${seed}-${index}.${format}`);
  writeFileSync(file, bytes);
  console.log(`FIND: ${changes.join(', ')}\n  ${problem.replaceAll('\n', '\n  ')}`);
  console.log(`  ${file}; again: npm run fuzz -- --seed ${seed} --index ${index}`);
}

async function examineOne(seed: number, index: number): Promise<number> {
  const mutant = new Round(seed).mutant(index);
  console.log(`${mutant.bytes.length} bytes: ${mutant.changes.join(', ')}`);
  console.log(await new Examiner().examine(mutant));
  return 0;
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new RangeError(`${text} is no whole number.`);
  }
  return Number(text);
}

if (process.send === undefined) {
  main().then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
} else {
  process.once('message', (task: Task) => {
    void runTask(task).finally(() => process.disconnect());
  });
}
