import * as vscode from 'vscode';
import type { Timing } from '../../shared/engineApi';
import type { ResultStream, StreamEnd } from '../editor/textStream';
import { Cancelled } from '../engine/engineClient';
import { inMessage } from '../plainText';
import type { RunningTasks } from './runningTasks';

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
 * Waits for a call whose words go into a stream, and sees the stream through to its end: what came
 * stays, whether the call succeeds, fails or is cancelled.
 * @returns the answer; nothing after a cancellation, which is no error here.
 */
export async function written<T>(stream: ResultStream, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call.catch((error: unknown) => {
      if (error instanceof Cancelled) {
        return undefined;
      }
      throw error;
    });
  } finally {
    const ending = await stream.finish().finally(() => stream.dispose());
    if (ending) {
      void explainEnd(ending, stream);
    }
  }
}

/** Says why the text is not, or not all, in the document, and hands it over. */
async function explainEnd(end: StreamEnd, { fileName, text }: ResultStream): Promise<void> {
  const reasons: Record<StreamEnd, string> = {
    edited: vscode.l10n.t('Headlight stopped because the text it was writing was changed.'),
    'source edited': vscode.l10n.t(
      'Headlight stopped because the text it was to replace was changed.',
    ),
    closed: vscode.l10n.t('Headlight stopped because “{0}” was closed.', inMessage(fileName)),
    'read-only': vscode.l10n.t(
      'Headlight stopped because “{0}” cannot be edited.',
      inMessage(fileName),
    ),
  };
  const show = vscode.l10n.t('Show Text');
  const answer = await vscode.window.showInformationMessage(
    reasons[end],
    ...(text === '' ? [] : [show]),
  );
  if (answer === show) {
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ content: text }),
    );
  }
}

/** Says in passing how fast a text was made. */
export function reportSpeed(
  tokens: number,
  { loadMs, tokensPerSecond }: Timing,
  log: vscode.LogOutputChannel,
): void {
  const speed = Math.round(tokensPerSecond);
  log.info(`wrote ${tokens} tokens, ${speed} tokens/s, load ${loadMs.toFixed(0)} ms`);
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Headlight: {0} tokens, {1} tokens/s', tokens, speed),
    5000,
  );
}
