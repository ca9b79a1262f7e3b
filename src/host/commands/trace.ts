import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ModelChoice } from '../../shared/engineApi';
import { asFailure } from '../../shared/failure';
import { Cancelled, type EngineClient } from '../engine/engineClient';
import { explain, logFailure } from '../messages';
import { AttentionPanel } from '../panels/attentionPanel';
import { traceNotes } from '../panels/traceNotes';
import { readSettings } from '../settings';
import type { TracedPlace, TracedTexts } from '../tracedText';
import { pickTracedModel } from './modelPicks';
import type { RunningTasks } from './runningTasks';
import { selectedText } from './selection';
import { isTrusted } from './trust';

export interface TraceDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  traces: TracedTexts;
  panel: Pick<AttentionPanel, 'show'>;
  log: vscode.LogOutputChannel;
}

/** One trace at a time: a new one stops the one under way. */
const TASK = 'trace';

/** A text to be traced, and where it stands. */
interface Subject {
  text: string;
  place: TracedPlace;
  /** What traces it; when absent, the model of the settings. */
  model?: ModelChoice;
}

/** Headlight: Trace Attention. Shows in the panel what each token of the selection attends to. */
export class TraceCommand {
  /** What is traced, or was last. */
  private last: Subject | undefined;
  /** What the latest trace is of. */
  private traced: Subject | undefined;

  constructor(private readonly dependencies: TraceDependencies) {}

  /** Traces the selection of the active editor, with the model of the settings or another one. */
  async selection(model?: ModelChoice): Promise<void> {
    const selected = isTrusted() ? selectedText(() => this.selection(model)) : undefined;
    if (selected) {
      const { document, text, start, end } = selected;
      const place = this.dependencies.traces.track(document, start, end);
      await this.trace({ text, place, ...(model === undefined ? {} : { model }) });
    }
  }

  /** Headlight: Trace Attention With…. Lets the user pick the model first. */
  async selectionWith(): Promise<void> {
    const model = isTrusted() ? await pickTracedModel() : undefined;
    if (model) {
      await this.selection(model);
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
      await tasks.run(TASK, vscode.l10n.t('Headlight is tracing the selection'), ({ signal }) =>
        this.run(subject, signal),
      );
    } catch (error) {
      if (this.last !== subject) {
        return;
      }
      if (error instanceof Cancelled) {
        this.last = this.traced;
        this.showLatest();
      } else {
        const failure = asFailure(error);
        logFailure(failure, log);
        panel.show({ kind: 'failed', message: explain(failure), canRetry: true });
      }
    }
  }

  private async run(subject: Subject, signal: AbortSignal): Promise<void> {
    const { engine, traces } = this.dependencies;
    const { text, place } = subject;
    const { models, languages } = readSettings(place.document.uri);
    const { model = models.trace } = subject;
    // The languages are set for the model that translates.
    const { translate } = models;
    const translates =
      'folder' in model && 'folder' in translate && model.folder === translate.folder;
    const summary = await engine.call(
      'trace',
      { model, text, ...(translates ? { languages } : {}) },
      { signal },
    );
    if (this.last === subject) {
      this.traced = subject;
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
    const { summary, source, places, choice } = latest;
    panel.show({
      kind: 'trace',
      trace: summary,
      document: path.posix.basename(source.document.uri.path),
      inEditor: (['encoder', 'decoder'] as const).filter((component) => places[component]),
      notes: traceNotes(summary),
      choice,
    });
  }
}
