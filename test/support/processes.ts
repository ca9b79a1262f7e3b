import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as the operating system lists it. */
export interface Listed {
  pid: number;
  parent: number;
  /** What it has had of a processor. */
  seconds: number;
}

/** Every process of a machine that is not a Windows one. */
export function processes(): Listed[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,time=']).toString().trim().split('\n');
  return lines.map((line) => {
    const [pid, parent, time = ''] = line.trim().split(/\s+/);
    // Such as 1-02:03:04 or 3:04.05.
    const [minutes = 0, seconds = 0] = time.split(':').slice(-2).map(Number);
    return { pid: Number(pid), parent: Number(parent), seconds: 60 * minutes + seconds };
  });
}

/** Waits until a process is no more; that of somebody else ends without an event. */
export async function gone(pid: number | undefined): Promise<void> {
  if (pid === undefined) {
    throw new Error('there was no process');
  }
  while (isAlive(pid)) {
    await sleep(10);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
