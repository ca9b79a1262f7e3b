import { fork, type ChildProcess } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { EngineActivity } from '../../shared/engineApi';
import {
  engineProtocol,
  type EngineCall,
  type GraphLoad,
  type ProgressReport,
} from '../../shared/engineProtocol';
import { asFailure, Failure, phrase, type FailureData } from '../../shared/failure';
import type { EngineLog } from './engineState';

export interface EngineProcessOptions {
  /** The engine's bundle. */
  entry: string;
  /** The extension's folder, the engine's first argument. */
  root: string;
  log: EngineLog;
  /**
   * How long a cancelled call may go on before the process is killed; Infinity for as long as it
   * likes. Unit: milliseconds.
   */
  cancelGraceMs: number;
  /**
   * How long a busy engine may stay silent before it counts as hung, unless it says that it loads a
   * graph and how long that may take. Unit: milliseconds.
   */
  hangMs: number;
  onActivity: (activity: EngineActivity) => void;
  /** Called once, when the process is gone. */
  onEnd: (end: ProcessEnd) => void;
}

/** How a process ended: because it was told to, or on its own. */
export interface ProcessEnd {
  crashed: boolean;
  failure: Failure;
}

interface PendingCall {
  fail(failure: Failure): void;
  onProgress(value: unknown): void;
  cancelled: boolean;
}

const WATCH_EVERY_MS = 500;

/** How long a load may go on that nobody waits for any more: most are over by then. */
const UNWANTED_LOAD_MS = 1000;

/**
 * One run of the engine process, from fork to exit. Every call ends: with its answer, or with a
 * Failure when the method failed or the process ended.
 */
export class EngineProcess {
  private readonly child: ChildProcess;
  private readonly connection: MessageConnection;
  private readonly pending = new Map<number, PendingCall>();
  private readonly watchdog: NodeJS.Timeout;
  private nextCall = 0;
  /** Turns of the watchdog since the process was last heard of. */
  private silentTurns = 0;
  /** The graph that the process loads. */
  private load: GraphLoad | undefined;
  private ended = false;
  /** Set before the process is killed. */
  private killedFor: ProcessEnd | undefined;

  /** @throws Failure when the operating system gives no process. */
  constructor(private readonly options: EngineProcessOptions) {
    this.child = start(options);
    this.log(`started`);
    this.child.stdout?.on('data', (text: Buffer) => this.log(text.toString().trimEnd()));
    this.child.stderr?.on('data', (text: Buffer) => options.log.error(text.toString().trimEnd()));
    this.child.once('error', (error) => this.kill(noStart(error), true));
    // Not “exit”: its last words may come after that.
    this.child.once('close', (code, signal) =>
      this.end({ crashed: true, failure: crashed(signal ?? code ?? '?') }),
    );
    this.connection = this.connect();
    this.watchdog = setInterval(() => this.watch(), WATCH_EVERY_MS);
    this.watchdog.unref();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * Calls a method. A cancelled call that does not answer in time takes the process with it, unless
   * others wait for the process too: then it alone ends. A load that was only for cancelled calls is
   * not waited for, however long these may take.
   * @throws Failure
   */
  async call(
    method: string,
    params: unknown,
    signal: AbortSignal | undefined,
    onProgress: (value: unknown) => void,
  ): Promise<unknown> {
    const id = this.nextCall++;
    const cancellation = new CancellationTokenSource();
    let grace: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      const call = this.pending.get(id);
      if (call !== undefined) {
        call.cancelled = true;
      }
      cancellation.cancel();
      if (Number.isFinite(this.options.cancelGraceMs)) {
        grace = setTimeout(() => this.abandon(id), this.options.cancelGraceMs);
      }
    };
    signal?.addEventListener('abort', cancel, { once: true });
    if (this.pending.size === 0) {
      this.heard();
    }
    const call: EngineCall = { params, progress: id };
    try {
      return await new Promise((resolve, reject) => {
        this.pending.set(id, { fail: reject, onProgress, cancelled: false });
        this.connection.sendRequest(method, call, cancellation.token).then(resolve, reject);
      });
    } catch (error) {
      throw fromEngine(error);
    } finally {
      clearTimeout(grace);
      signal?.removeEventListener('abort', cancel);
      this.pending.delete(id);
      cancellation.dispose();
    }
  }

  /** Ends the process at once. Calls under way fail with `failure`. */
  kill(failure: Failure = stopped(), isCrash = false): void {
    this.killedFor ??= { crashed: isCrash, failure };
    this.child.kill('SIGKILL');
    // The calls need not wait until the operating system has cleared up.
    this.end(this.killedFor);
  }

  /** Ends a call that was cancelled and does not answer. */
  private abandon(id: number): void {
    const call = this.pending.get(id);
    if (call === undefined) {
      return;
    }
    if (this.isUnwanted) {
      this.kill();
    } else {
      call.fail(stopped());
    }
  }

  /** Whether every call was cancelled. */
  private get isUnwanted(): boolean {
    return Array.from(this.pending.values()).every(({ cancelled }) => cancelled);
  }

  private connect(): MessageConnection {
    const connection = createMessageConnection(
      new IPCMessageReader(this.child),
      new IPCMessageWriter(this.child),
    );
    connection.onNotification(engineProtocol.heartbeat, () => this.heard());
    connection.onNotification(engineProtocol.progress, ({ progress, value }: ProgressReport) => {
      this.heard();
      this.pending.get(progress)?.onProgress(value);
    });
    connection.onNotification(engineProtocol.load, (load: GraphLoad | null) => {
      this.heard();
      this.load = load ?? undefined;
    });
    connection.onNotification(engineProtocol.activity, (activity: EngineActivity) => {
      this.heard();
      this.options.onActivity(activity);
    });
    connection.onError(([error]) => this.options.log.error(`engine channel: ${error.message}`));
    connection.listen();
    return connection;
  }

  private heard(): void {
    this.silentTurns = 0;
  }

  /** Counts turns and not the clock: a computer that slept makes nobody late. */
  private watch(): void {
    const silentMs = this.silentTurns++ * WATCH_EVERY_MS;
    if (this.pending.size === 0) {
      return;
    }
    if (this.load === undefined) {
      if (silentMs > this.options.hangMs) {
        this.kill(hung(silentMs), true);
      }
    } else if (silentMs > this.load.mostMs) {
      this.kill(slowLoad(this.load, silentMs));
    } else if (silentMs >= UNWANTED_LOAD_MS && this.isUnwanted) {
      this.kill();
    }
  }

  private end(end: ProcessEnd): void {
    if (this.ended) {
      return;
    }
    this.ended = true;
    clearInterval(this.watchdog);
    const { crashed, failure } = this.killedFor ?? end;
    this.log(failure.message);
    for (const call of this.pending.values()) {
      call.fail(failure);
    }
    this.connection.dispose();
    this.options.onEnd({ crashed, failure });
  }

  private log(message: string): void {
    this.options.log.info(`engine ${this.child.pid ?? '?'}: ${message}`);
  }
}

function start({ entry, root }: EngineProcessOptions): ChildProcess {
  try {
    return fork(entry, [root], {
      env: {
        ...process.env,
        // In VS Code's desktop application, process.execPath is Electron.
        ELECTRON_RUN_AS_NODE: '1',
        // The engine sets it too; from here it holds for everything that is ever loaded there.
        ORT_DISABLE_TELEMETRY: '1',
      },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  } catch (error) {
    throw noStart(error);
  }
}

/** The Failure that a rejected call stands for. */
function fromEngine(error: unknown): Failure {
  return error instanceof ResponseError && error.data !== undefined
    ? new Failure(error.data as FailureData)
    : asFailure(error);
}

function noStart(error: unknown): Failure {
  return new Failure(
    {
      kind: 'engine',
      what: phrase(
        'The engine could not start: {0}',
        error instanceof Error ? error.message : String(error),
      ),
      remedy: phrase('look at the log, then run “Headlight: Restart Engine”'),
    },
    { cause: error },
  );
}

function crashed(how: string | number): Failure {
  return new Failure({
    kind: 'engine',
    what: phrase('The engine ended unexpectedly ({0})', how),
    remedy: phrase('try again; the log says more'),
  });
}

function hung(silentMs: number): Failure {
  return new Failure({
    kind: 'engine',
    what: phrase('The engine did not answer for {0} seconds', Math.round(silentMs / 1000)),
    remedy: phrase('try again with a shorter text or a smaller model'),
  });
}

function slowLoad({ file, operations, bytes }: GraphLoad, silentMs: number): Failure {
  return new Failure({
    kind: 'runtime',
    what: phrase(
      'ONNX Runtime was still loading the model after {0} seconds, too long for {1} operations and {2} MB',
      Math.round(silentMs / 1000),
      operations,
      Math.ceil(bytes / 1e6),
    ),
    where: file,
    remedy: phrase('choose another model, or report that the limit is too low'),
  });
}

export function stopped(): Failure {
  return new Failure({
    kind: 'engine',
    what: phrase('The engine was stopped'),
    remedy: phrase('run the command again'),
  });
}
