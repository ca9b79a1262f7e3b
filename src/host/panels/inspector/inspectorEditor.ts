import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient';
import { fileOfRevision } from './comparison/gitRevision';
import { localCopy } from './comparison/localCopy';
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

  /** The pages that are open, by the URI that they show. */
  private readonly pages = new Map<string, InspectorPage>();
  /** What pages that are being opened are to be compared with. */
  private readonly toCompare = new Map<string, vscode.Uri>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly engine: EngineClient,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor(
    { uri }: vscode.CustomDocument,
    panel: vscode.WebviewPanel,
  ): Promise<void> {
    const { extensionUri, engine, log } = this;
    // The one side of what Source Control compares: it is shown with how the other one differs.
    const current = fileOfRevision(uri);
    const copy = current === undefined ? undefined : await localCopy(uri);
    const shown = copy === undefined ? uri : vscode.Uri.file(copy.path);
    const page = new InspectorPage({
      ...{ extensionUri, engine, log, uri: shown },
      webview: panel.webview,
      watch: (onChange) => new FileWatch(shown, onChange),
    });
    const key = uri.toString();
    this.pages.set(key, page);
    panel.onDidDispose(() => {
      if (this.pages.get(key) === page) {
        this.pages.delete(key);
      }
      page.dispose();
      void copy?.dispose();
    });
    const other = current ?? this.toCompare.get(key);
    this.toCompare.delete(key);
    if (other !== undefined) {
      await page.compare(other);
    }
  }

  /** Opens a file or a folder beside what is open already. */
  async open(uri: vscode.Uri): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', uri, InspectorEditor.viewTypes[0]);
  }

  /** Opens a file or a folder, and how another one differs from it. */
  async compare(uri: vscode.Uri, other: vscode.Uri): Promise<void> {
    const key = uri.toString();
    this.toCompare.set(key, other);
    await this.open(uri);
    // Its page may have been open before.
    if (this.toCompare.delete(key)) {
      await this.pages.get(key)?.compare(other);
    }
  }
}
