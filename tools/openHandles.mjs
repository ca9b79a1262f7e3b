import { setTimeout as sleep } from 'node:timers/promises';

/** How long what a test file opened may stay open after its last test, in milliseconds. */
const lingerMs = 5000;

/** @type {string[]} */
let before = [];

/**
 * Fails the file whose tests leave something open that keeps the process alive: a child process, a
 * server, a socket. Timers do not count, since mocha has its own.
 */
export const mochaHooks = {
  beforeAll() {
    before = openHandles();
  },
  async afterAll() {
    const deadline = Date.now() + lingerMs;
    while (openHandles().length > before.length && Date.now() < deadline) await sleep(50);
    const open = openHandles();
    if (open.length > before.length) {
      throw new Error(`Something is still open: ${open.join(', ')}; before: ${before.join(', ')}`);
    }
  },
};

function openHandles() {
  return process.getActiveResourcesInfo().filter((resource) => resource !== 'Timeout');
}
