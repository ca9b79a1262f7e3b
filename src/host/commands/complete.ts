import * as vscode from 'vscode';
import type { Completion } from '../../shared/engineApi';
import { TextStream, type StreamEnd } from '../editor/textStream';
import type { EngineClient } from '../engine/engineClient';
import { Cancelled } from '../engine/engineClient';
import { describeTruncation, showError } from '../messages';
import { readSettings } from '../settings';
import { continuation } from './continuation';
import type { RunningTasks } from './runningTasks';
import { selectedText, type SelectedText } from './selection';
import { isTrusted } from './trust';

export interface CompleteDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  log: vscode.LogOutputChannel;
  /** The model folder when the settings name none. */
  bundledModel: string;
}

/** Headlight: Complete Selection. Streams a continuation into the editor, behind the selection. */
export async function completeSelection(dependencies: CompleteDependencies): Promise<void> {
  const selected = isTrusted() ? selectedText(() => completeSelection(dependencies)) : undefined;
  if (!selected) {
    return;
  }
  const name = `write ${selected.document.uri.toString()}`;
  if (dependencies.tasks.isRunning(name)) {
    void offerToStop(dependencies.tasks, name);
    return;
  }
  try {
    await dependencies.tasks.run(
      name,
      vscode.l10n.t('Headlight completes the selection'),
      (controller, progress) => write(dependencies, selected, controller, progress),
    );
  } catch (error) {
    showError(error, dependencies.log);
  }
}

/** One document takes one text at a time. */
async function offerToStop(tasks: RunningTasks, name: string): Promise<void> {
  const stop = vscode.l10n.t('Stop');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Headlight is already writing in this document.'),
    stop,
  );
  if (answer === stop) {
    tasks.stop(name);
  }
}

async function write(
  { engine, bundledModel, log }: CompleteDependencies,
  { document, text, end }: SelectedText,
  controller: AbortController,
  progress: vscode.Progress<{ message: string }>,
): Promise<void> {
  const { completeModel, generation } = readSettings(document.uri);
  const { prompt, join } = continuation(text);
  const stream = new TextStream(document, end, () => controller.abort());
  let count = 0;
  try {
    const completion = await engine
      .call(
        'complete',
        { model: completeModel || bundledModel, text: prompt, options: generation },
        {
          signal: controller.signal,
          onProgress: ({ delta }) => {
            if (!controller.signal.aborted) {
              stream.append(join(delta));
            }
            count++;
            progress.report({ message: vscode.l10n.t('{0} tokens', count) });
          },
        },
      )
      // What came before the cancellation stays, so that it is not an error here.
      .catch((error: unknown) => {
        if (error instanceof Cancelled) {
          return undefined;
        }
        throw error;
      });
    if (completion && completion.stop !== 'cancelled') {
      report(completion, log);
    }
  } finally {
    const ending = await stream.finish();
    stream.dispose();
    if (ending) {
      void explainEnd(ending, document, stream.text);
    }
  }
}

function report(
  { text, tokens, timing, truncation }: Completion,
  log: vscode.LogOutputChannel,
): void {
  const speed = Math.round(timing.tokensPerSecond);
  log.info(
    `completed: ${tokens.length} tokens, ${speed} tokens/s, load ${timing.loadMs.toFixed(0)} ms`,
  );
  if (truncation) {
    void vscode.window.showInformationMessage(describeTruncation(truncation));
  }
  if (text === '') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The model considers the text complete and adds nothing.'),
    );
  } else {
    vscode.window.setStatusBarMessage(
      vscode.l10n.t('Headlight: {0} tokens, {1} tokens/s', tokens.length, speed),
      5000,
    );
  }
}

/** Says why the text is not, or not all, in the document, and hands it over. */
async function explainEnd(
  end: StreamEnd,
  { fileName }: vscode.TextDocument,
  text: string,
): Promise<void> {
  const reasons: Record<StreamEnd, string> = {
    edited: vscode.l10n.t('Headlight stopped because the text it was writing was changed.'),
    closed: vscode.l10n.t('Headlight stopped because “{0}” was closed.', fileName),
    'read-only': vscode.l10n.t('Headlight stopped because “{0}” cannot be edited.', fileName),
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
