import { Failure, phrase } from '../../shared/failure';

const WINDOW_MS = 3 * 60_000;
const MOST = 3;
/** Waits before the next start, by the number of recent crashes. Unit: milliseconds. */
const BACK_OFF_MS = [0, 250, 1000];

/** Remembers when the engine crashed, and decides whether another start makes sense. */
export class CrashRecord {
  private times: number[] = [];

  /** @param now the clock, in milliseconds. */
  constructor(private readonly now: () => number = Date.now) {}

  add(): void {
    this.times.push(this.now());
  }

  clear(): void {
    this.times = [];
  }

  /** How long to wait before the engine is started. Unit: milliseconds. */
  get backOffMs(): number {
    return BACK_OFF_MS[Math.min(this.recent, BACK_OFF_MS.length - 1)] ?? 0;
  }

  /** What to answer instead of starting the engine once more; nothing while a start makes sense. */
  get givenUp(): Failure | undefined {
    return this.recent < MOST
      ? undefined
      : new Failure({
          kind: 'engine',
          what: phrase('The engine crashed {0} times within {1} minutes', MOST, WINDOW_MS / 60_000),
          remedy: phrase('look at the log, then run “Headlight: Restart Engine”'),
        });
  }

  private get recent(): number {
    const since = this.now() - WINDOW_MS;
    this.times = this.times.filter((time) => time > since);
    return this.times.length;
  }
}
