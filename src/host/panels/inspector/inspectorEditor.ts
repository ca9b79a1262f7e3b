import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient';
import { FileWatch } from './fileWatch';
import { InspectorPage } from './inspectorPage';

/**
 * Shows model files, and folders of them, in an editor that changes nothing. Its page stays while it is
 * hidden; when the window is opened again, the tab of the page and how far it was scrolled are kept.
 */
export class InspectorEditor implements vscode.CustomReadonlyEditorProvider {
  /** The first opens by itself; the second is offered for files that others may open, too. */
  static readonly viewTypes = ['headlight.inspector', 'headlight.weightsInspector'] as const;
  /** What was looked for, chosen and found stays while another editor is in front. */
  static readonly options = { webviewOptions: { retainContextWhenHidden: true } };

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly engine: EngineClient,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const { extensionUri, engine, log } = this;
    const page = new InspectorPage({
      ...{ extensionUri, engine, log, uri },
      webview: panel.webview,
      watch: (onChange) => new FileWatch(uri, onChange),
    });
    panel.onDidDispose(() => page.dispose());
  }

  /** Opens a file or a folder beside what is open already. */
  async open(uri: vscode.Uri): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', uri, InspectorEditor.viewTypes[0]);
  }
}
