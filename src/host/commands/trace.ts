import * as path from 'node:path';
import * as vscode from 'vscode';
import { asFailure } from '../../shared/failure';
import { Cancelled, type EngineClient } from '../engine/engineClient';
import { describeTruncation, explain } from '../messages';
import { AttentionPanel } from '../panels/attentionPanel';
import { readSettings } from '../settings';
import type { TracedTexts } from '../tracedText';
import type { RunningTasks } from './runningTasks';
import { selectedText, type SelectedText } from './selection';
import { isTrusted } from './trust';

export interface TraceDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  traces: TracedTexts;
  panel: Pick<AttentionPanel, 'show'>;
  log: vscode.LogOutputChannel;
  /** The model folder when the settings name none. */
  bundledModel: string;
}

/** One trace at a time: a new one stops the one under way. */
const TASK = 'trace';

/** Headlight: Trace Attention. Shows in the panel what each token of the selection attends to. */
export class TraceCommand {
  private last: SelectedText | undefined;

  constructor(private readonly dependencies: TraceDependencies) {}

  /** Traces the selection of the active editor. */
  async selection(): Promise<void> {
    if (!(await isTrusted())) {
      return;
    }
    const selected = await selectedText();
    if (selected) {
      await this.trace(selected);
    }
  }

  /** Traces the text of the last trace once more. */
  async again(): Promise<void> {
    if (this.last) {
      await this.trace(this.last);
    }
  }

  private async trace(selected: SelectedText): Promise<void> {
    const { tasks, panel, log } = this.dependencies;
    this.last = selected;
    tasks.stop(TASK);
    await vscode.commands.executeCommand(`${AttentionPanel.viewId}.focus`, { preserveFocus: true });
    panel.show({ kind: 'tracing', label: vscode.l10n.t('Tracing the selection…') });
    try {
      await tasks.run(TASK, vscode.l10n.t('Headlight traces the selection'), ({ signal }) =>
        this.run(selected, signal),
      );
    } catch (error) {
      if (this.last !== selected) {
        // A newer trace has taken over the panel.
        return;
      }
      if (error instanceof Cancelled) {
        this.showLatest();
      } else {
        const failure = asFailure(error);
        log.error(failure);
        panel.show({ kind: 'failed', message: explain(failure), canRetry: true });
      }
    }
  }

  private async run(selected: SelectedText, signal: AbortSignal): Promise<void> {
    const { engine, traces, bundledModel } = this.dependencies;
    const { document, text, start, end } = selected;
    const { traceModel, completeModel } = readSettings(document.uri);
    const summary = await engine.call(
      'trace',
      { model: traceModel || completeModel || bundledModel, text },
      { signal },
    );
    if (this.last !== selected) {
      return;
    }
    traces.set(summary, document, start, end);
    this.showLatest();
  }

  private showLatest(): void {
    const { traces, panel } = this.dependencies;
    const { latest } = traces;
    if (!latest) {
      panel.show({ kind: 'empty' });
      return;
    }
    const { summary, document, choice } = latest;
    panel.show({
      kind: 'trace',
      trace: summary,
      document: path.posix.basename(document.uri.path),
      notes: summary.truncation ? [describeTruncation(summary.truncation)] : [],
      choice,
    });
  }
}
