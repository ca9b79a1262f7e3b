import path from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Ends this process when the one that started it is gone, even if the main thread is in a loop that
 * never ends, of ONNX Runtime or of a regular expression: a thread of its own watches, which by
 * itself keeps no process alive.
 */
export function endWithParent(): void {
  // A bundle of its own, which lies beside that of the engine.
  new Worker(path.join(__dirname, 'parentWatch.js'), { workerData: process.ppid }).unref();
}
