import * as vscode from 'vscode';
import type { EngineState } from '../engine/engineState';
import { explain } from '../messages';
import { escapeForLanguageStatus } from '../escapeText';

/** The language status item that shows what the engine is doing, in every text editor. */
export class EngineStatus implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem('headlight.engine', {
    pattern: '**',
  });

  constructor() {
    this.item.name = vscode.l10n.t('Headlight Engine');
    this.show({ state: 'idle' });
  }

  show(state: EngineState): void {
    const { item } = this;
    item.busy = state.state === 'starting' || state.state === 'loading';
    item.severity =
      state.state === 'failed'
        ? vscode.LanguageStatusSeverity.Error
        : vscode.LanguageStatusSeverity.Information;
    item.text = this.text(state);
    item.detail =
      state.state === 'failed'
        ? escapeForLanguageStatus(explain(state.failure))
        : vscode.l10n.t('Headlight');
    item.command =
      state.state === 'failed'
        ? { command: 'headlight.showLog', title: vscode.l10n.t('Show Log') }
        : { command: 'headlight.chooseModel', title: vscode.l10n.t('Choose Model') };
  }

  dispose(): void {
    this.item.dispose();
  }

  private text(state: EngineState): string {
    const model = 'model' in state ? escapeForLanguageStatus(state.model) : '';
    switch (state.state) {
      case 'idle':
        return `$(lightbulb) ${vscode.l10n.t('Idle')}`;
      case 'starting':
        return vscode.l10n.t('Starting the engine…');
      case 'loading':
        return vscode.l10n.t('Loading {0}…', model);
      case 'ready':
        return `$(lightbulb) ${vscode.l10n.t('{0} is ready', model)}`;
      case 'failed':
        return `$(error) ${vscode.l10n.t('Failed')}`;
    }
  }
}
