import type { LayersDone, PiecesDone } from '../../shared/referenceRun';
import { Cancelled } from '../engine/engineClient';

/** How far the answer is. */
export type Progress = LayersDone | PiecesDone;

/** How a question stands; undefined once it was stopped. */
export type Asked<A> =
  | { kind: 'running'; progress?: Progress }
  | { kind: 'failed'; error: unknown }
  | { kind: 'done'; answer: A }
  | undefined;

/** What a call to the engine takes beside its parameters. */
export interface Asking {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** Long questions to the engine, one at a time: a new one ends the one before. */
export class Questions {
  private running = new AbortController();
  private last: Promise<void> = Promise.resolve();

  /** Ends what is being asked, if anything is. */
  stop(): void {
    this.running.abort();
  }

  /** Asks, and tells how that goes. Never fails: that is told, too. */
  async ask<A>(call: (asking: Asking) => Promise<A>, tell: (how: Asked<A>) => void): Promise<void> {
    this.stop();
    const { signal } = (this.running = new AbortController());
    // What was asked before has its last word first.
    this.last = this.last.then(() => answered(call, signal, tell));
    await this.last;
  }
}

async function answered<A>(
  call: (asking: Asking) => Promise<A>,
  signal: AbortSignal,
  tell: (how: Asked<A>) => void,
): Promise<void> {
  const onProgress = (progress: Progress): void => {
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
