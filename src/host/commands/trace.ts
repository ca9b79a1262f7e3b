import * as path from 'node:path';
import * as vscode from 'vscode';
import { asFailure } from '../../shared/failure';
import { Cancelled, type EngineClient } from '../engine/engineClient';
import { describeTruncation, explain } from '../messages';
import { AttentionPanel } from '../panels/attentionPanel';
import { readSettings } from '../settings';
import type { TracedPlace, TracedTexts } from '../tracedText';
import type { RunningTasks } from './runningTasks';
import { selectedText } from './selection';
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

/** A text to be traced, and where it stands. */
interface Subject {
  text: string;
  place: TracedPlace;
}

/** Headlight: Trace Attention. Shows in the panel what each token of the selection attends to. */
export class TraceCommand {
  private last: Subject | undefined;

  constructor(private readonly dependencies: TraceDependencies) {}

  /** Traces the selection of the active editor. */
  async selection(): Promise<void> {
    const selected = isTrusted() ? selectedText(() => this.selection()) : undefined;
    if (selected) {
      const { document, text, start, end } = selected;
      await this.trace({ text, place: this.dependencies.traces.track(document, start, end) });
    }
  }

  /** Traces the text of the last trace once more. */
  async again(): Promise<void> {
    if (this.last) {
      await this.trace(this.last);
    }
  }

  private async trace(subject: Subject): Promise<void> {
    const { tasks, panel, log } = this.dependencies;
    this.last = subject;
    tasks.stop(TASK);
    await vscode.commands.executeCommand(`${AttentionPanel.viewId}.focus`, { preserveFocus: true });
    if (this.last !== subject) {
      // A newer trace has taken over the panel; so it may have further down.
      return;
    }
    panel.show({ kind: 'tracing', label: vscode.l10n.t('Tracing the selection…') });
    try {
      await tasks.run(TASK, vscode.l10n.t('Headlight traces the selection'), ({ signal }) =>
        this.run(subject, signal),
      );
    } catch (error) {
      if (this.last !== subject) {
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

  private async run(subject: Subject, signal: AbortSignal): Promise<void> {
    const { engine, traces, bundledModel } = this.dependencies;
    const { text, place } = subject;
    const { traceModel, completeModel } = readSettings(place.document.uri);
    const summary = await engine.call(
      'trace',
      { model: traceModel || completeModel || bundledModel, text },
      { signal },
    );
    if (this.last === subject) {
      traces.show(summary, place);
      this.showLatest();
    }
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
