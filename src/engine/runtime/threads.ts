import type { GraphSize } from './loading';

/**
 * Below so many bytes a second thread gains less than it costs. Measured on two cores (2026-12-01):
 * one row through 0.9 MB of matrices takes the same time on one thread and on two, through 3.7 MB
 * 1.12 × and through 14.7 MB 1.57 × the time; but a session with threads of its own takes twice as
 * long to load, and they look out for work between two runs: a translation by the bundled model (3.6
 * and 3.0 MB) cost 1.16 s of the processor on one thread and 1.95 s on two, and took 0.92 and 0.88 s.
 */
const ONE_THREAD_BYTES = 4_000_000;

/** On how many threads an operator of a graph runs; 0 stands for one on each core. */
export function operatorThreads({ bytes }: Pick<GraphSize, 'bytes'>): number {
  return bytes < ONE_THREAD_BYTES ? 1 : 0;
}
