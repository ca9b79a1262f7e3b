import { setTimeout as delay } from 'node:timers/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Timing } from '../../shared/generation';
import type { ResultWriters } from '../editor/resultWriters';
import type { ResultWriter, WritingStopReason } from '../editor/resultWriter';
import { escapeForMessage } from '../escapeText';
import type { Progress, RunningTasks } from './runningTasks';
import { reportUnfinished, type BatchResult } from './batch';

/** The name of the task that writes in a document: one at a time, whatever the command. */
export function writingTaskName({ uri }: vscode.TextDocument): string {
  return `write ${uri.toString()}`;
}

/**
 * Tells the user that a task of this name is running already and offers to stop it. Does not wait until the
 * message is read.
 * @param message what it is doing, as a whole sentence.
 */
export function refuseSecondTask(tasks: RunningTasks, name: string, message: string): void {
  const stop = vscode.l10n.t('Stop');
  void vscode.window.showInformationMessage(message, stop).then((answer) => {
    if (answer === stop) {
      tasks.stop(name);
    }
  });
}

/**
 * Waits for work that fills a writer, then writes the results. Whatever came is written, whether the work
 * succeeds, fails or is stopped; the user is told what is missing.
 * @returns what the work answers for the texts that are done; nothing after a stop.
 */
export async function finishWriting<T>(
  {
    writers,
    log,
    progress,
  }: { writers: ResultWriters; log: vscode.LogOutputChannel; progress: Progress },
  writer: ResultWriter,
  source: vscode.TextDocument,
  work: Promise<BatchResult<T>>,
): Promise<T[] | undefined> {
  const result = await work;
  const end = await writer.finish().finally(() => writer.dispose());
  if (end) {
    void explainEnd(end, writer, writers, source);
  } else if (writer.text !== '') {
    // Screen readers read what a notification says, and nothing of an edit away from the cursor.
    progress.report({
      message: vscode.l10n.t('written: {0}', escapeForMessage(opening(writer.text))),
    });
    await delay(READ_OUT_MS);
  }
  // Who has left a question, or knows why it ended, is told no more.
  reportUnfinished(result, end !== undefined || writer.text === '', log);
  return result.stopped || result.done.length === 0 ? undefined : result.done;
}

/** Tells the user why results could not be written, and offers to show them. */
async function explainEnd(
  end: WritingStopReason,
  { fileName, lost }: ResultWriter,
  writers: ResultWriters,
  { uri }: vscode.TextDocument,
): Promise<void> {
  const name = escapeForMessage(path.posix.basename(fileName.replaceAll('\\', '/')));
  const reasons: Record<WritingStopReason, string> = {
    'source edited': vscode.l10n.t(
      'Headlight stopped because the text that it was working on was changed.',
    ),
    closed: vscode.l10n.t('Headlight stopped because “{0}” was closed.', name),
    'read-only': vscode.l10n.t('Headlight stopped because “{0}” cannot be edited.', name),
    unfinished: vscode.l10n.t('The result is not finished, so the text stays as it was.'),
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

/** Shows the speed in the status bar for a moment. */
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

/**
 * The workbench reads out the latest message alone: one that comes at once, such as a warning, would
 * take the place of the text.
 */
const READ_OUT_MS = 300;

/** As much of a text as is read out. */
function opening(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > MOST_READ_OUT ? `${flat.slice(0, MOST_READ_OUT)}…` : flat;
}

const MOST_READ_OUT = 300;
