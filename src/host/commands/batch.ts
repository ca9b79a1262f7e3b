import * as vscode from 'vscode';
import type { StopReason } from '../../shared/generation';
import { asFailure, type Failure, type FailureKind } from '../../shared/failure';
import type { ResultStream } from '../editor/resultWriter';
import { Cancelled } from '../engine/engineClient';
import { logFailure, showError } from '../messages';
import { excerpt } from './selection';

/** The outcome of texts that were processed one after the other. */
export interface BatchResult<T> {
  done: T[];
  failed: { text: string; failure: Failure }[];
  /** True when someone stopped the work before its end. */
  stopped: boolean;
  /** All texts, those included that were not started because of a stop or a failure that all would meet. */
  count: number;
}

/** Failures that concern one text only; of others, e.g. a missing model, all texts would fail. */
const OF_ONE_TEXT: ReadonlySet<FailureKind> = new Set(['input', 'unsupported', 'runtime']);

/**
 * Processes texts one after the other, each with the stream that takes its result. A text that fails does
 * not stop the others.
 * @param work tells as well whether it was stopped.
 */
export async function runOneByOne<S extends { text: string }, T extends { stop: StopReason }>(
  texts: readonly S[],
  streams: readonly ResultStream[],
  work: (text: S, stream: ResultStream) => Promise<T>,
): Promise<BatchResult<T>> {
  const batch: BatchResult<T> = { done: [], failed: [], stopped: false, count: streams.length };
  for (const [index, stream] of streams.entries()) {
    const source = texts[index] as S;
    try {
      const result = await work(source, stream);
      if (result.stop === 'cancelled') {
        return { ...batch, stopped: true };
      }
      batch.done.push(result);
    } catch (error) {
      if (error instanceof Cancelled) {
        return { ...batch, stopped: true };
      }
      const failure = asFailure(error);
      batch.failed.push({ text: source.text, failure });
      if (!OF_ONE_TEXT.has(failure.kind)) {
        break;
      }
    }
  }
  return batch;
}

/**
 * Reports texts that were not finished: why the first one failed, or how many of several were done before a
 * stop. The log has the reason for each. Does not wait until the message is read.
 * @param isExplained whether the user knows already what became of a stop.
 */
export function reportUnfinished(
  { done, failed, stopped, count }: BatchResult<unknown>,
  isExplained: boolean,
  log: vscode.LogOutputChannel,
): void {
  const [first, ...others] = failed;
  for (const { failure } of others) {
    logFailure(failure, log);
  }
  if (first) {
    showError(first.failure, log, (reason) =>
      count === 1
        ? reason
        : vscode.l10n.t(
            '{0} of {1} selections could not be finished, first “{2}”. {3}',
            stopped ? failed.length : count - done.length,
            count,
            excerpt(first.text),
            reason,
          ),
    );
  }
  if (stopped && count > 1 && !isExplained) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Headlight was stopped when {0} of {1} selections were done.',
        done.length,
        count,
      ),
    );
  }
}
