import type { GraphSize } from './loading';

/**
 * Below so many bytes a second thread gains less than it costs. Measured on two cores (2026-12-01):
 * one row through 0.9 MB of matrices takes the same time on one thread and on two, through 3.7 MB
 * 1.12 × and through 14.7 MB 1.57 × the time; but a session with threads of its own takes twice as
 * long to load, and they look out for work between two runs: 200 tokens of the bundled completion
 * model (3.7 MB) cost 1.8 s of the processor on one thread and 3.2 s on two, and came no sooner.
 */
const ONE_THREAD_BYTES = 4_000_000;

/** On how many threads an operator of a graph runs; 0 stands for one on each core. */
export function operatorThreads({ bytes }: Pick<GraphSize, 'bytes'>): number {
  return bytes < ONE_THREAD_BYTES ? 1 : 0;
}
