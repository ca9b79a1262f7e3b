import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineApi, EngineProgress } from '../../shared/engineApi';
import { asFailure } from '../../shared/failure';
import type { Answer, Params } from '../../shared/rpc';
import { CrashRecord } from './crashRecord';
import { EngineProcess, stopped, type ProcessEnd } from './engineProcess';
import type { EngineLog, EngineState } from './engineState';
import { runLine, type RunEnd } from './runLog';

export interface EngineClientOptions {
  /** The engine's bundle. */
  entry: string;
  /** The extension's folder, where the models lie that come with it. */
  root: string;
  log: EngineLog;
  onState: (state: EngineState) => void;
  /** One token of a usual model takes less; what takes longer is worth killing. */
  cancelGraceMs?: number;
  /** Long prompts on slow machines take a minute; what takes longer has hung. */
  hangMs?: number;
  crashes?: CrashRecord;
}

export interface CallOptions<K extends keyof EngineApi> {
  signal?: AbortSignal;
  onProgress?: (value: K extends keyof EngineProgress ? EngineProgress[K] : never) => void;
}

/** Thrown for a call that its caller cancelled before the answer came. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/**
 * The engine as the extension sees it: a process that is started when it is first needed, and again
 * after a crash. Every call ends: with its answer, a `Failure` or {@link Cancelled}.
 */
export class EngineClient {
  private engine: EngineProcess | undefined;
  private disposed = false;
  private readonly crashes: CrashRecord;

  constructor(private readonly options: EngineClientOptions) {
    this.crashes = options.crashes ?? new CrashRecord();
  }

  /** The engine's process id; absent while none runs. */
  get pid(): number | undefined {
    return this.engine?.pid;
  }

  /**
   * Calls a method of the engine.
   * @throws Failure; Cancelled when `signal` was aborted before the answer came.
   */
  async call<K extends keyof EngineApi>(
    method: K,
    params: Params<EngineApi, K>,
    { signal, onProgress }: CallOptions<K> = {},
  ): Promise<Answer<EngineApi, K>> {
    const start = performance.now();
    const log = (end: RunEnd<K>): void => {
      const line = runLine(method, params, end, performance.now() - start);
      if (line !== undefined) {
        this.options.log.info(line);
      }
    };
    try {
      const engine = await this.running();
      if (signal?.aborted) {
        throw new Cancelled();
      }
      const report = (value: unknown): void => onProgress?.(value as never);
      const answer = (await engine.call(method, params, signal, report)) as Answer<EngineApi, K>;
      log({ kind: 'done', answer });
      return answer;
    } catch (error) {
      log({ kind: signal?.aborted ? 'cancelled' : 'failed' });
      throw signal?.aborted ? new Cancelled() : error;
    }
  }

  /** Ends the process and forgets earlier crashes; the next call starts a new one. */
  restart(): void {
    this.crashes.clear();
    this.engine?.kill();
    this.options.onState({ state: 'idle' });
  }

  /** Ends the process for good. */
  dispose(): void {
    this.disposed = true;
    this.engine?.kill();
  }

  private async running(): Promise<EngineProcess> {
    if (!this.engine && !this.crashes.givenUp) {
      await sleep(this.crashes.backOffMs);
    }
    // Another call may have started it meanwhile.
    this.engine ??= this.start();
    return this.engine;
  }

  private start(): EngineProcess {
    if (this.disposed) {
      throw stopped();
    }
    if (this.crashes.givenUp) {
      throw this.crashes.givenUp;
    }
    const { entry, root, log, onState, cancelGraceMs = 1500, hangMs = 120_000 } = this.options;
    onState({ state: 'starting' });
    try {
      return new EngineProcess({
        entry,
        root,
        log,
        cancelGraceMs,
        hangMs,
        onActivity: onState,
        onEnd: (end) => this.ended(end),
      });
    } catch (error) {
      const failure = asFailure(error);
      this.ended({ crashed: true, failure });
      throw failure;
    }
  }

  private ended({ crashed, failure }: ProcessEnd): void {
    this.engine = undefined;
    if (crashed) {
      this.crashes.add();
      this.options.onState({ state: 'failed', failure: (this.crashes.givenUp ?? failure).data });
    } else {
      this.options.onState({ state: 'idle' });
    }
  }
}
