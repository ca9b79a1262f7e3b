import * as vscode from 'vscode';
import { completeSelection } from './host/commands/complete';
import { fillBlank } from './host/commands/fillBlank';
import { compareModels, inspectModel } from './host/commands/inspect';
import { chooseModel } from './host/commands/models';
import { textToTextSelection } from './host/commands/textToText';
import { RunningTasks } from './host/commands/runningTasks';
import { TraceCommand } from './host/commands/trace';
import { EngineStatus } from './host/editor/engineStatus';
import { ResultDocuments } from './host/editor/resultDocuments';
import { ResultWriters } from './host/editor/resultWriters';
import { UnsureWordDecorations } from './host/editor/unsureWordDecorations';
import { TraceHover } from './host/editor/traceHover';
import { EngineClient } from './host/engine/engineClient';
import type { EngineState } from './host/engine/engineState';
import { AttentionPanel } from './host/panels/attentionPanel';
import { InspectorEditor } from './host/panels/inspector/inspectorEditor';
import { isModelUse } from './host/settings';
import { CurrentTrace } from './host/currentTrace';

/** What `activate` answers, for tests and benchmarks. */
export interface HeadlightApi {
  /** Time that `activate` took. Unit: milliseconds. */
  activationMs: number;
  engineState(): EngineState;
  /** Process id of the engine; absent while none runs. */
  enginePid(): number | undefined;
  /** What has come so far of results that are to be written into a document. */
  comingText(document: vscode.Uri): string;
}

/** Builds the parts, hands each what it needs, and registers them. */
export function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): HeadlightApi {
  const start = performance.now();
  const log = vscode.window.createOutputChannel('Headlight', { log: true });
  const status = new EngineStatus();
  let state: EngineState = { state: 'idle' };
  const engine = new EngineClient({
    entry: vscode.Uri.joinPath(extensionUri, 'dist', 'engine.js').fsPath,
    root: extensionUri.fsPath,
    log,
    onState: (changed) => {
      state = changed;
      status.show(changed);
    },
  });
  const tasks = new RunningTasks();
  const marks = new UnsureWordDecorations();
  const results = new ResultDocuments(marks);
  const writers = new ResultWriters(results, marks);
  const currentTrace = new CurrentTrace();
  const panel: AttentionPanel = new AttentionPanel(
    extensionUri,
    engine,
    {
      chooseHead: (choice) => currentTrace.choose(choice),
      revealToken: (token) => currentTrace.reveal(token),
      traceSelection: () => trace.selection(),
      retry: () => trace.again(),
      chooseModel: () => trace.chooseModel(),
    },
    () => currentTrace.furtherTexts(),
    log,
  );
  const trace = new TraceCommand({ engine, tasks, currentTrace, panel, log });
  const inspector = new InspectorEditor(extensionUri, engine, log);
  const command = (name: string, run: (...given: unknown[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`headlight.${name}`, run);

  subscriptions.push(
    // First, since it reports its end to the other two.
    engine,
    log,
    status,
    tasks,
    marks,
    results,
    currentTrace,
    trace,
    panel,
    vscode.window.registerWebviewViewProvider(AttentionPanel.viewId, panel),
    ...InspectorEditor.viewTypes.map((viewType) =>
      vscode.window.registerCustomEditorProvider(viewType, inspector, InspectorEditor.options),
    ),
    vscode.workspace.registerTextDocumentContentProvider(ResultDocuments.scheme, results),
    vscode.languages.registerHoverProvider('*', new TraceHover(currentTrace, engine)),
    command('complete', () => completeSelection({ engine, tasks, writers, log })),
    command('translate', () => textToTextSelection({ engine, tasks, writers, log }, 'translate')),
    command('summarize', () => textToTextSelection({ engine, tasks, writers, log }, 'summarize')),
    command('fillMask', () => fillBlank({ engine, log })),
    command('trace', () => trace.selection()),
    command('traceWith', () => trace.selectionWith()),
    command('inspect', (uri) => inspectModel(inspector, uri)),
    command('inspectThis', (uri) => inspectModel(inspector, uri)),
    command('compare', (uri, selected) => compareModels(inspector, uri, selected)),
    command('compareThis', (uri, selected) => compareModels(inspector, uri, selected)),
    command('stop', () => tasks.stopAll()),
    command('chooseModel', (use) => chooseModel(engine, log, isModelUse(use) ? use : undefined)),
    command('restartEngine', () => engine.restart()),
    command('showLog', () => log.show()),
    command('saveResult', () => vscode.commands.executeCommand('workbench.action.files.saveAs')),
  );
  return {
    activationMs: performance.now() - start,
    engineState: () => state,
    enginePid: () => engine.pid,
    comingText: (document) => writers.comingText(document),
  };
}
