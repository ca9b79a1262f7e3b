import { workerData } from 'node:worker_threads';

/*
 * The thread that endWithParent.ts starts. It kills its own process: an orderly exit would wait for
 * the main thread.
 */
const parent = workerData as number;
const LOOK_EVERY_MS = 500;

setInterval(() => {
  if (process.ppid !== parent || isGone(parent)) {
    process.kill(process.pid, 'SIGKILL');
  }
}, LOOK_EVERY_MS);

/** On Windows a process keeps the number of a parent that has ended. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
