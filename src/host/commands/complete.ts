import * as vscode from 'vscode';
import type { Completion } from '../../shared/generation';
import type { ModelChoice } from '../../shared/modelSummary';
import type { ResultWriters } from '../editor/resultWriters';
import type { ResultStream } from '../editor/resultWriter';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { readSettings, type Settings } from '../settings';
import { withLinePrefix, wordsWithLinePrefix } from './commentMarkers';
import { continuation } from './continuation';
import { WritingProgress } from './writingProgress';
import { completionPrompt } from './completionPrompt';
import { reportWarnings } from './reportWarnings';
import { isProse } from './prose';
import type { RunningTasks } from './runningTasks';
import { selectedTexts, type SelectedText } from './selection';
import { runOneByOne } from './batch';
import { mergeOutcomes } from './mergeOutcomes';
import { isTrusted } from './trust';
import { refuseSecondTask, reportSpeed, finishWriting, writingTaskName } from './writing';

export interface CompleteDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  writers: ResultWriters;
  log: vscode.LogOutputChannel;
}

/** Headlight: Complete Selection. Shows a continuation behind each selection and writes them at once. */
export async function completeSelection(dependencies: CompleteDependencies): Promise<void> {
  const selected = isTrusted() ? selectedTexts(() => completeSelection(dependencies)) : undefined;
  if (!selected) {
    return;
  }
  const { tasks, log } = dependencies;
  const { document, texts } = selected;
  const name = writingTaskName(document);
  if (tasks.isRunning(name)) {
    refuseSecondTask(tasks, name, vscode.l10n.t('Headlight is already writing in this document.'));
    return;
  }
  const settings = readSettings(document.uri);
  // From now on the places move along with the text before them.
  const writer = dependencies.writers.inDocument(document, texts, 'behind', () => tasks.stop(name));
  try {
    await tasks.run(
      name,
      vscode.l10n.t('Headlight is completing the selection'),
      async ({ signal }, progress) => {
        const writingProgress = new WritingProgress(progress);
        const completions = await finishWriting(
          { ...dependencies, progress },
          writer,
          document,
          runOneByOne(texts, writer.streams, (text, stream) =>
            complete(
              dependencies.engine,
              settings,
              document,
              text,
              stream,
              signal,
              writingProgress,
            ),
          ),
        );
        if (completions) {
          report(dependencies, completions, settings.models.complete);
        }
      },
    );
  } catch (error) {
    showError(error, log);
  }
}

async function complete(
  engine: EngineClient,
  { models, generation }: Settings,
  document: vscode.TextDocument,
  { text, start }: SelectedText,
  stream: ResultStream,
  signal: AbortSignal,
  writingProgress: WritingProgress,
): Promise<Completion> {
  const { line, character } = document.positionAt(start);
  const before = document.lineAt(line).text.slice(0, character);
  const { stopAt, linePrefix, ...read } = completionPrompt(text, before, isProse(document));
  const { prompt, join } = continuation(read.prompt);
  const pieces: string[] = [];
  const completion = await engine.call(
    'complete',
    { model: models.complete, text: prompt, stopAt, options: generation },
    {
      signal,
      onProgress: ({ delta }) => {
        if (!signal.aborted) {
          const piece = join(delta);
          pieces.push(piece);
          stream.append(withLinePrefix(piece, linePrefix));
        }
        writingProgress.token();
      },
    },
  );
  // Spaces that stand in the document already were taken off.
  const cut = completion.text.length - pieces.join('').length;
  const unsure = completion.unsure
    .filter(({ start: from }) => from >= cut)
    .map((word) => ({ ...word, start: word.start - cut, end: word.end - cut }));
  stream.markUnsure(wordsWithLinePrefix(pieces, unsure, linePrefix));
  return completion;
}

function report(
  { engine, log }: CompleteDependencies,
  completions: readonly Completion[],
  model: ModelChoice,
): void {
  const outcome = mergeOutcomes(completions);
  // A text may be complete.
  const warnings = outcome.warnings.filter(({ kind }) => kind !== 'empty');
  reportWarnings({ ...outcome, warnings, task: 'complete', model }, engine, log);
  if (completions.every(({ text }) => text === '')) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The model considers the text complete and adds nothing.'),
    );
  } else {
    reportSpeed(completions.map(({ tokens, timing }) => ({ tokens: tokens.length, timing })));
  }
}
