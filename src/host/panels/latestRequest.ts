import type { LayersDone, PiecesDone } from '../../shared/referenceRun';
import { Cancelled } from '../engine/engineClient';

/** How far a request is. */
export type RequestProgress = LayersDone | PiecesDone;

/** How a request stands; undefined once it was stopped. */
export type RequestState<A> =
  | { kind: 'running'; progress?: RequestProgress }
  | { kind: 'failed'; error: unknown }
  | { kind: 'done'; answer: A }
  | undefined;

/** What a call to the engine takes beside its parameters. */
export interface RequestOptions {
  signal: AbortSignal;
  onProgress: (progress: RequestProgress) => void;
}

/** Long requests to the engine, one at a time: a new one cancels the one before. */
export class LatestRequest {
  private running = new AbortController();
  private last: Promise<void> = Promise.resolve();

  /** Ends the request that runs, if one does. */
  stop(): void {
    this.running.abort();
  }

  /** Runs a request and reports its state. Never throws: a failure is reported as a state. */
  async run<A>(
    call: (options: RequestOptions) => Promise<A>,
    tell: (state: RequestState<A>) => void,
  ): Promise<void> {
    this.stop();
    const { signal } = (this.running = new AbortController());
    // The request before has its last word first.
    this.last = this.last.then(() => answered(call, signal, tell));
    await this.last;
  }
}

async function answered<A>(
  call: (options: RequestOptions) => Promise<A>,
  signal: AbortSignal,
  tell: (state: RequestState<A>) => void,
): Promise<void> {
  const onProgress = (progress: RequestProgress): void => {
    if (!signal.aborted) {
      tell({ kind: 'running', progress });
    }
  };
  tell({ kind: 'running' });
  try {
    tell({ kind: 'done', answer: await call({ signal, onProgress }) });
  } catch (error) {
    tell(error instanceof Cancelled ? undefined : { kind: 'failed', error });
  }
}
