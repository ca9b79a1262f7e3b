import * as path from 'node:path';
import * as vscode from 'vscode';
import type { StopReason, Timing } from '../../shared/engineApi';
import type { ResultWriters } from '../editor/resultWriters';
import type { ResultStream, ResultWriter, WritingEnd } from '../editor/resultWriter';
import { Cancelled } from '../engine/engineClient';
import { inMessage } from '../plainText';
import type { Progress, RunningTasks } from './runningTasks';

/** The task that writes in a document: there is one at a time, whatever the command. */
export function writingIn({ uri }: vscode.TextDocument): string {
  return `write ${uri.toString()}`;
}

/**
 * Tells the user that a task of this name runs already, and offers to stop it. Does not wait until
 * the message is read.
 * @param message what it is doing, as a whole sentence.
 */
export function refuseSecond(tasks: RunningTasks, name: string, message: string): void {
  const stop = vscode.l10n.t('Stop');
  void vscode.window.showInformationMessage(message, stop).then((answer) => {
    if (answer === stop) {
      tasks.stop(name);
    }
  });
}

/**
 * Works on texts one after the other, each with the stream that takes its result.
 * @param work tells as well whether it was stopped; then the texts behind are left alone.
 */
export async function inTurn<S, T extends { stop: StopReason }>(
  texts: readonly S[],
  streams: readonly ResultStream[],
  work: (text: S, stream: ResultStream) => Promise<T>,
): Promise<T[]> {
  const done: T[] = [];
  for (const [index, stream] of streams.entries()) {
    const result = await work(texts[index] as S, stream);
    done.push(result);
    if (result.stop === 'cancelled') {
      break;
    }
  }
  return done;
}

/**
 * Waits for work whose words go to a writer, and sees them written: what came stays, whether the work
 * succeeds, fails or is cancelled.
 * @returns what the work answers; nothing after a cancellation, which is no error here.
 */
export async function written<T extends { stop: StopReason }>(
  { writers, progress }: { writers: ResultWriters; progress: Progress },
  writer: ResultWriter,
  source: vscode.TextDocument,
  work: Promise<T[]>,
): Promise<T[] | undefined> {
  try {
    const done = await work.catch((error: unknown) => {
      if (error instanceof Cancelled) {
        return [];
      }
      throw error;
    });
    return done.length === 0 || done.some(({ stop }) => stop === 'cancelled') ? undefined : done;
  } finally {
    const end = await writer.finish().finally(() => writer.dispose());
    if (end) {
      void explainEnd(end, writer, writers, source);
    } else if (writer.text !== '') {
      // Screen readers read what a notification says, and nothing of an edit away from the cursor.
      progress.report({ message: vscode.l10n.t('written: {0}', opening(writer.text)) });
    }
  }
}

/** Says why the text is not, or not all, in the document, and hands it over. */
async function explainEnd(
  end: WritingEnd,
  { fileName, lost }: ResultWriter,
  writers: ResultWriters,
  { uri }: vscode.TextDocument,
): Promise<void> {
  const name = inMessage(path.posix.basename(fileName.replaceAll('\\', '/')));
  const reasons: Record<WritingEnd, string> = {
    'source edited': vscode.l10n.t(
      'Headlight stopped because the text that it was working on was changed.',
    ),
    closed: vscode.l10n.t('Headlight stopped because “{0}” was closed.', name),
    'read-only': vscode.l10n.t('Headlight stopped because “{0}” cannot be edited.', name),
  };
  const show = vscode.l10n.t('Show Text');
  const answer = await vscode.window.showInformationMessage(
    reasons[end],
    ...(lost === '' ? [] : [show]),
  );
  if (answer === show) {
    await writers.show(lost, {
      name: `${vscode.l10n.t('Text for {0}', name)}.txt`,
      language: 'plaintext',
      source: uri,
    });
  }
}

/** Says in passing how fast texts were made. */
export function reportSpeed(results: readonly { tokens: number; timing: Timing }[]): void {
  const tokens = results.reduce((sum, result) => sum + result.tokens, 0);
  const behindFirst = results.reduce((sum, result) => sum + Math.max(0, result.tokens - 1), 0);
  const seconds = results.reduce((sum, { timing }) => sum + timing.decodeMs, 0) / 1000;
  const speed = seconds > 0 ? Math.round(behindFirst / seconds) : 0;
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Headlight: {0} tokens, {1} tokens/s', tokens, speed),
    5000,
  );
}

/** As much of a text as is read out. */
function opening(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > MOST_READ_OUT ? `${flat.slice(0, MOST_READ_OUT)}…` : flat;
}

const MOST_READ_OUT = 300;
