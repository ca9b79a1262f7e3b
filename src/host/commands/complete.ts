import * as vscode from 'vscode';
import type { Completion, ModelChoice } from '../../shared/engineApi';
import type { ResultWriters } from '../editor/resultWriters';
import type { ResultStream } from '../editor/resultWriter';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { readSettings, type Settings } from '../settings';
import { withMark, wordsWithMark } from './commentMarkers';
import { continuation } from './continuation';
import { Pace } from './pace';
import { placeOf } from './place';
import { reportWarnings } from './reportWarnings';
import { isRunningText } from './runningText';
import type { RunningTasks } from './runningTasks';
import { selectedTexts, type SelectedText } from './selection';
import { inTurn } from './served';
import { mergeOutcomes } from './mergeOutcomes';
import { isTrusted } from './trust';
import { refuseSecond, reportSpeed, written, writingIn } from './writing';

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
  const name = writingIn(document);
  if (tasks.isRunning(name)) {
    refuseSecond(tasks, name, vscode.l10n.t('Headlight is already writing in this document.'));
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
        const pace = new Pace(progress);
        const completions = await written(
          { ...dependencies, progress },
          writer,
          document,
          inTurn(texts, writer.streams, (text, stream) =>
            complete(dependencies.engine, settings, document, text, stream, signal, pace),
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
  pace: Pace,
): Promise<Completion> {
  const { line, character } = document.positionAt(start);
  const before = document.lineAt(line).text.slice(0, character);
  const place = placeOf(text, before, isRunningText(document));
  const { prompt, join } = continuation(place.prompt);
  const pieces: string[] = [];
  const completion = await engine.call(
    'complete',
    { model: models.complete, text: prompt, stopAt: place.stopAt, options: generation },
    {
      signal,
      onProgress: ({ delta }) => {
        if (!signal.aborted) {
          const piece = join(delta);
          pieces.push(piece);
          stream.append(withMark(piece, place.mark));
        }
        pace.token();
      },
    },
  );
  // Spaces that stand in the document already were taken off.
  const cut = completion.text.length - pieces.join('').length;
  const unsure = completion.unsure
    .filter(({ start: from }) => from >= cut)
    .map((word) => ({ ...word, start: word.start - cut, end: word.end - cut }));
  stream.markUnsure(wordsWithMark(pieces, unsure, place.mark));
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
