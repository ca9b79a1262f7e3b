import * as path from 'node:path';
import * as vscode from 'vscode';
import type { PanelNotice } from '../../shared/attentionPanel';
import type { ModelChoice } from '../../shared/modelSummary';
import { asFailure } from '../../shared/failure';
import { Cancelled, type EngineClient } from '../engine/engineClient';
import { explain, logFailure } from '../messages';
import { rangeBetween } from '../editor/documentChanges';
import { AttentionPanel } from '../panels/attentionPanel';
import { traceNotes } from '../panels/traceNotes';
import { readSettings } from '../settings';
import type { TracedLocation, CurrentTrace } from '../currentTrace';
import { pickTracedModel } from './modelPicks';
import { chooseModel } from './models';
import type { RunningTasks } from './runningTasks';
import { selectedText } from './selection';
import { tracedLanguages } from './translationLanguages';
import { isTrusted } from './trust';

export interface TraceDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  currentTrace: CurrentTrace;
  panel: Pick<AttentionPanel, 'show'>;
  log: vscode.LogOutputChannel;
}

/** One trace at a time: a new one stops the one under way. */
const TASK = 'trace';

/** A text to be traced, and where it stands. */
interface Subject {
  text: string;
  place: TracedLocation;
  /** What traces it; when absent, the model of the settings. */
  model?: ModelChoice;
}

/** Headlight: Trace Attention. Shows in the panel what each token of the selection attends to. */
export class TraceCommand implements vscode.Disposable {
  /** What is traced, or was last. */
  private last: Subject | undefined;
  /** What the latest trace is of. */
  private traced: Subject | undefined;
  /** Why there is no trace of what was traced last. */
  private failure: PanelNotice | undefined;
  private readonly listener: vscode.Disposable;

  constructor(private readonly dependencies: TraceDependencies) {
    this.listener = dependencies.currentTrace.onDidChangeStale(() => {
      // While another trace is made, or instead of one, the panel shows that.
      if (this.last === this.traced) {
        this.showLatest();
      }
    });
  }

  /** Traces the selection of the active editor, with the model of the settings or another one. */
  async selection(model?: ModelChoice): Promise<void> {
    const selected = isTrusted() ? selectedText(() => this.selection(model)) : undefined;
    if (selected) {
      const { document, text, start, end } = selected;
      const place = this.dependencies.currentTrace.track(document, start, end);
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

  /** Traces once more what was traced last, as it stands in its document now. */
  async again(): Promise<void> {
    if (!this.last) {
      return;
    }
    const now = this.asItIsNow(this.last);
    if (now === this.last && !now.place.range.intact) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The traced text is no longer there: select a text and trace it.'),
      );
      return;
    }
    await this.trace(now, { again: true });
  }

  /** Lets the user choose the model that traces, and traces once more with it. */
  async chooseModel(): Promise<void> {
    const { engine, log } = this.dependencies;
    if ((await chooseModel(engine, log, 'trace')) && this.last) {
      const { text, place } = this.asItIsNow(this.last);
      await this.trace({ text, place });
    }
  }

  dispose(): void {
    this.listener.dispose();
  }

  private asItIsNow(subject: Subject): Subject {
    const { document, range } = subject.place;
    const text = document.isClosed
      ? ''
      : document.getText(rangeBetween(document, range.start, range.end));
    return range.intact || text.trim() === ''
      ? subject
      : {
          ...subject,
          text,
          place: this.dependencies.currentTrace.track(document, range.start, range.end),
        };
  }

  private async trace(subject: Subject, options = { again: false }): Promise<void> {
    const { tasks, panel, log } = this.dependencies;
    this.last = subject;
    this.failure = undefined;
    tasks.stop(TASK);
    await vscode.commands.executeCommand(`${AttentionPanel.viewId}.focus`, { preserveFocus: true });
    if (this.last !== subject) {
      // A newer trace has taken over the panel; so it may have further down.
      return;
    }
    panel.show({ kind: 'tracing', label: vscode.l10n.t('Tracing the selection…') });
    try {
      await tasks.run(TASK, vscode.l10n.t('Headlight is tracing the selection'), ({ signal }) =>
        this.run(subject, signal, options),
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
        this.failure = {
          kind: 'failure',
          message: explain(failure),
          remedies: ['retry', 'chooseModel'],
        };
        this.showLatest();
      }
    }
  }

  private async run(
    subject: Subject,
    signal: AbortSignal,
    options: { again: boolean },
  ): Promise<void> {
    const { engine, currentTrace } = this.dependencies;
    const { text, place } = subject;
    const { models, languages: asked } = readSettings(place.document.uri);
    const { model = models.trace } = subject;
    const languages = await tracedLanguages(
      engine,
      model,
      models.translate,
      text,
      asked,
      signal,
      options,
    );
    const summary = await engine.call(
      'trace',
      { model, text, ...(languages && { languages }) },
      { signal },
    );
    if (this.last === subject) {
      this.traced = subject;
      currentTrace.show(summary, place);
      this.showLatest();
    }
  }

  private showLatest(): void {
    const { currentTrace, panel } = this.dependencies;
    const { latest } = currentTrace;
    const notice = this.failure ?? (currentTrace.isStale ? staleness() : undefined);
    if (!latest) {
      panel.show(notice ? { kind: 'failed', notice } : { kind: 'empty' });
      return;
    }
    const { summary, source, locations, choice } = latest;
    panel.show({
      kind: 'trace',
      trace: summary,
      document: path.posix.basename(source.document.uri.path),
      inEditor: (['encoder', 'decoder'] as const).filter((component) => locations[component]),
      notes: traceNotes(summary),
      ...(notice && { notice }),
      choice,
    });
  }
}

/** Said of a trace whose text has been changed since. */
function staleness(): PanelNotice {
  return {
    kind: 'remark',
    message: vscode.l10n.t('The text has been changed since it was traced.'),
    remedies: ['traceAgain'],
  };
}
