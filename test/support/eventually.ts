import { setTimeout as sleep } from 'node:timers/promises';

/** How long something may take to come true before a test fails, in milliseconds. */
const patience = 30_000;

/**
 * Makes a check again and again until it holds: what the workbench shows follows a key press or a
 * click in its own time.
 *
 * @throws what the check threw last
 */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
