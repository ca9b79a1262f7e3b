import * as vscode from 'vscode';
import { warningSentences, usesPart, type Outcome } from '../../wording/resultWarnings';
import type { ModelChoice, Task } from '../../shared/modelSummary';
import type { EngineClient } from '../engine/engineClient';
import { describeTruncation, showError, translate } from '../messages';
import { escapeForMessage } from '../escapeText';
import { showModelCard } from './modelCard';

/** The parts of a result that warnings are about. */
export interface Report extends Outcome {
  task: Task;
  model: ModelChoice;
}

/**
 * Says in one message all that the user should know before trusting a result: nothing when there is
 * nothing to say. Does not wait until the message is read.
 */
export function reportWarnings(
  { task, model, ...outcome }: Report,
  engine: EngineClient,
  log: vscode.LogOutputChannel,
): void {
  const warnings = warningSentences(outcome, task, model).map(translate);
  const { truncation, nothing = false } = outcome;
  const cut = truncation === undefined || !usesPart(task) ? [] : [describeTruncation(truncation)];
  if (!nothing && warnings.length === 0) {
    if (cut.length > 0) {
      void vscode.window.showInformationMessage(joined(cut));
    }
    return;
  }
  const about = vscode.l10n.t('About This Model');
  const choose = vscode.l10n.t('Choose Another Model…');
  const isBundled = 'bundled' in model;
  const message = escapeForMessage(
    joined([
      ...(nothing ? [vscode.l10n.t('The model wrote nothing, so nothing was changed.')] : []),
      ...warnings,
      ...cut,
      ...(isBundled && !nothing && !outcome.warnings.some(({ kind }) => kind === 'unfamiliar')
        ? [vscode.l10n.t('The bundled model is tiny; this project trained it on software text.')]
        : []),
    ]),
  );
  const buttons = isBundled ? [about, choose] : [choose];
  const shown = nothing
    ? vscode.window.showErrorMessage(message, ...buttons)
    : vscode.window.showWarningMessage(message, ...buttons);
  void shown.then(async (answer) => {
    try {
      if (answer === about) {
        await showModelCard(engine, model);
      } else if (answer === choose) {
        await vscode.commands.executeCommand('headlight.chooseModel', task);
      }
    } catch (error) {
      showError(error, log);
    }
  });
}

/** Sentences as one text; not every language puts a space between them. */
function joined(sentences: readonly string[]): string {
  return sentences.reduce((text, sentence) => vscode.l10n.t('{0} {1}', text, sentence));
}
