import path from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Ends this process when its parent is gone, even if ONNX Runtime or a regular expression keeps the main
 * thread in an endless loop: a worker thread watches the parent. The thread does not keep the process
 * alive.
 */
export function endWithParent(): void {
  // A separate bundle beside that of the engine.
  new Worker(path.join(__dirname, 'parentWatch.js'), { workerData: process.ppid }).unref();
}
