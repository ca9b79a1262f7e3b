import { writeSync } from 'node:fs';
import { OUTCOMES, type Outcome } from './examine';
import { Examiner, mostMemory, Round } from './round';

/** What the child is told: which files of a seed to examine, and where to write how far it is. */
export interface Task {
  seed: number;
  from: number;
  to: number;
  /** An open file; the index of the file at hand stands at its beginning, as 64-bit float. */
  progress: number;
}

/** What the child tells. */
export type Report =
  | { kind: 'find'; index: number; problem: string }
  | ({ kind: 'done'; outcomes: Record<Outcome, number> } & Cost);

/** The most that a file cost. */
export interface Cost {
  slowest: { index: number; ms: number };
  /** The most memory that the process took with all files so far, and with none. Units: bytes. */
  memory: number;
  memoryBefore: number;
}

/** After so many finds the rest can wait. */
export const MOST_FINDS = 20;

/** Examines files one after the other. What does not come back is for the parent to notice. */
export async function runTask({ seed, from, to, progress }: Task): Promise<void> {
  const round = new Round(seed);
  const examiner = new Examiner();
  const outcomes = noOutcomes();
  const memoryBefore = mostMemory();
  let slowest = { index: from, ms: 0 };
  let finds = 0;
  for (let index = from; index < to && finds < MOST_FINDS; index++) {
    writeSync(progress, new Float64Array([index]), 0, 8, 0);
    const mutant = round.mutant(index);
    const start = performance.now();
    try {
      outcomes[await examiner.examine(mutant)]++;
    } catch (error) {
      finds++;
      await send({ kind: 'find', index, problem: describe(error) });
    }
    const ms = performance.now() - start;
    slowest = ms > slowest.ms ? { index, ms } : slowest;
  }
  await send({ kind: 'done', outcomes, slowest, memory: mostMemory(), memoryBefore });
}

export function noOutcomes(): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function send(report: Report): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(report, undefined, undefined, (error) => {
      if (error === null) {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}
