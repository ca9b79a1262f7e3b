import type { Timing } from '../../shared/generation';

/** Takes the time of a generation, from the start of its first run. */
export class Stopwatch {
  private readonly start = performance.now();
  private firstAt: number | undefined;
  private tokens = 0;

  /** @param loadMs what opening the model took. */
  constructor(private readonly loadMs: number) {}

  /** A token came. */
  token(): void {
    this.firstAt ??= performance.now();
    this.tokens++;
  }

  /** The figures up to now. */
  timing(): Timing {
    const end = performance.now();
    const firstAt = this.firstAt ?? end;
    const decodeMs = end - firstAt;
    return {
      loadMs: this.loadMs,
      prefillMs: firstAt - this.start,
      decodeMs,
      tokensPerSecond: this.tokens > 1 ? ((this.tokens - 1) * 1000) / decodeMs : 0,
    };
  }
}
