import * as vscode from 'vscode';
import type { Completion, ModelChoice } from '../../shared/engineApi';
import { TextStream, type ResultStream } from '../editor/textStream';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { readSettings } from '../settings';
import { withMark } from './commentMargins';
import { continuation } from './continuation';
import { placeOf } from './place';
import { reportReservations } from './reservations';
import { isRunningText } from './runningText';
import type { RunningTasks } from './runningTasks';
import { selectedText, type SelectedText } from './selection';
import { isTrusted } from './trust';
import { refuseSecond, reportSpeed, written, writingIn } from './writing';

export interface CompleteDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  log: vscode.LogOutputChannel;
}

/** Headlight: Complete Selection. Streams a continuation into the editor, behind the selection. */
export async function completeSelection(dependencies: CompleteDependencies): Promise<void> {
  const selected = isTrusted() ? selectedText(() => completeSelection(dependencies)) : undefined;
  if (!selected) {
    return;
  }
  const { tasks, log } = dependencies;
  const name = writingIn(selected.document);
  if (tasks.isRunning(name)) {
    refuseSecond(tasks, name, vscode.l10n.t('Headlight is already writing in this document.'));
    return;
  }
  const { document, end } = selected;
  // From now on the place moves along with the text before it.
  const stream = new TextStream(document, { start: end, end }, () => tasks.stop(name));
  try {
    await tasks.run(
      name,
      vscode.l10n.t('Headlight is completing the selection'),
      ({ signal }, progress) => write(dependencies, selected, stream, signal, progress),
    );
  } catch (error) {
    showError(error, log);
  }
}

async function write(
  dependencies: CompleteDependencies,
  { document, text, start }: SelectedText,
  stream: ResultStream,
  signal: AbortSignal,
  progress: vscode.Progress<{ message: string }>,
): Promise<void> {
  const { models, generation } = readSettings(document.uri);
  const model = models.complete;
  const { line, character } = document.positionAt(start);
  const before = document.lineAt(line).text.slice(0, character);
  const place = placeOf(text, before, isRunningText(document));
  const { prompt, join } = continuation(place.prompt);
  let count = 0;
  const completion = await written(
    stream,
    dependencies.engine.call(
      'complete',
      { model, text: prompt, stopAt: place.stopAt, options: generation },
      {
        signal,
        onProgress: ({ delta }) => {
          if (!signal.aborted) {
            stream.append(withMark(join(delta), place.mark));
          }
          count++;
          progress.report({ message: vscode.l10n.t('{0} tokens', count) });
        },
      },
    ),
  );
  if (completion && completion.stop !== 'cancelled') {
    report(dependencies, completion, model);
  }
}

function report(
  { engine, log }: CompleteDependencies,
  completion: Completion,
  model: ModelChoice,
): void {
  const { text, tokens, timing } = completion;
  // A text may be complete.
  const doubts = completion.doubts.filter(({ kind }) => kind !== 'empty');
  reportReservations({ ...completion, doubts, task: 'complete', model }, engine, log);
  if (text === '') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The model considers the text complete and adds nothing.'),
    );
  } else {
    reportSpeed(tokens.length, timing, log);
  }
}
