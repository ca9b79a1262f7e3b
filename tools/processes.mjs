import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Every child runs under guard.mjs, which ends the child's whole process group when the pipe to
 * us closes. The operating system closes that pipe however we end, `kill -9` included, so that an
 * interrupted run leaves nothing behind.
 */
const guard = path.join(path.dirname(fileURLToPath(import.meta.url)), 'guard.mjs');

/** How often a script looks whether the npm that started it is still there. */
const parentCheckMs = 1000;

/** @type {Set<Child>} */
const running = new Set();

/**
 * @typedef {object} Child
 * @property {Promise<number>} ended the exit status; 1 when a signal or the guard ended the child
 * @property {() => boolean} alive
 * @property {() => Promise<void>} stop ends the child and everything it started, then resolves
 */

/**
 * Starts a program that may start others itself.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string }} [options]
 *   `log`: a file that takes its output; without one the output is ours
 * @returns {Child}
 */
export function start(program, args, { cwd, env = process.env, log } = {}) {
  const output = log === undefined ? 'inherit' : openSync(log, 'a');
  const child = spawn(process.execPath, [guard, program, ...args], {
    cwd,
    env,
    stdio: ['pipe', output, output],
    // Ctrl+C reaches a whole foreground group; the guard must outlive it to clean up.
    detached: true,
  });
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
  /** @type {Child} */
  const handle = {
    ended,
    alive: () => running.has(handle),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
  running.add(handle);
  void ended.then(() => running.delete(handle));
  return handle;
}

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {Parameters<typeof start>[2]} [options]
 * @returns {Promise<number>} its exit status
 */
export function run(program, args, options) {
  return start(program, args, options).ended;
}

/** Ends everything that {@link start} started. */
export async function stopAll() {
  await Promise.all([...running].map((child) => child.stop()));
}

/**
 * From now on Ctrl+C, SIGTERM, a closed terminal and the end of the npm that started this process
 * end the children first, then this process.
 */
export function stopWithChildren() {
  let stopping = false;
  /** @param {number} signal */
  const stop = (signal) => {
    if (stopping) return;
    stopping = true;
    void stopAll().then(() => process.exit(128 + signal));
  };
  for (const [name, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })) {
    process.on(name, () => stop(number));
  }
  // npm hands a SIGTERM to the shell that it put between, and no further.
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop(15);
  }, parentCheckMs).unref();
}
