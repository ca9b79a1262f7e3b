import path from 'node:path';
import type { Engine } from '../engine/engine';
import { EngineProcess } from '../host/engine/engineProcess';
import { asFailure, Failure, phrase } from '../shared/failure';

/** Of a line that another program wrote. */
const MOST_CHARACTERS = 200;

/** What every method of an engine has at hand beside its parameters. */
interface Context {
  signal: AbortSignal;
  report(value: unknown): void;
}

/**
 * The engine in a separate process, so that this one reacts to Ctrl+C whatever is computed there, and can
 * report when the engine crashes.
 */
export class ForkedEngine {
  /** Each method is a call of the process, which the first call starts. */
  readonly engine: Engine;
  private process: EngineProcess | undefined;
  /** The last error that the process wrote before it ended. */
  private lastError = '';

  /** @param root the folder that package.json lies in, and `dist/`. */
  constructor(private readonly root: string) {
    this.engine = new Proxy({} as Engine, {
      get: (_, method: string) => (params: unknown, context: Context) =>
        this.call(method, params, context),
    });
  }

  /** Ends the process, if there is one. */
  end(): void {
    this.process?.kill();
  }

  private async call(method: string, params: unknown, context: Context): Promise<unknown> {
    try {
      this.process ??= this.start();
      return await this.process.call(method, params, context.signal, (value) =>
        context.report(value),
      );
    } catch (error) {
      throw this.inShell(asFailure(error));
    }
  }

  private start(): EngineProcess {
    return new EngineProcess({
      entry: path.join(this.root, 'dist', 'engine.js'),
      root: this.root,
      log: { info: () => undefined, error: (text) => this.heard(text) },
      // A long text takes its time, and who does not want to wait can press Ctrl+C, twice if need be.
      cancelGraceMs: Infinity,
      hangMs: Infinity,
      onActivity: () => undefined,
      onEnd: () => undefined,
    });
  }

  private heard(text: string): void {
    const line = text.split('\n').find((line) => /error/i.test(line));
    this.lastError = line?.slice(0, MOST_CHARACTERS) ?? this.lastError;
  }

  /** Advice about the editor's log and commands is of no use in a shell. */
  private inShell(failure: Failure): Failure {
    if (failure.kind !== 'engine') {
      return failure;
    }
    const { kind, what } = failure;
    // Systems that run out of memory kill the process that takes most of it.
    const isStarved = what.args.includes('SIGKILL') || /memory|alloc/i.test(this.lastError);
    return new Failure(
      {
        kind,
        what,
        ...(this.lastError === '' ? {} : { where: this.lastError }),
        remedy: isStarved
          ? phrase('close other programs, or use a smaller model or one with quantized weights')
          : phrase('try again; when it happens again, report this line'),
      },
      { cause: failure },
    );
  }
}
