import * as vscode from 'vscode';
import { tabsOf } from './tabs';

/**
 * Marks a place in a document until another one is marked, the text changes or the user selects
 * something. Selection, cursor and focus stay where they are.
 */
export class TokenHighlight implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
    outline: '1px solid',
    outlineColor: new vscode.ThemeColor('focusBorder'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.findMatchForeground'),
  });
  private marked: { document: vscode.TextDocument; range: vscode.Range } | undefined;
  private readonly listeners = [
    vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document === this.marked?.document && contentChanges.length > 0) {
        this.clear();
      }
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      const byCode = kind === undefined || kind === vscode.TextEditorSelectionChangeKind.Command;
      if (textEditor.document === this.marked?.document && !byCode) {
        this.clear();
      }
    }),
  ];

  /** Marks a place and scrolls it into sight; opens its document where no editor shows it. */
  async show(document: vscode.TextDocument, range: vscode.Range): Promise<void> {
    this.clear();
    this.marked = { document, range };
    const shown =
      vscode.window.visibleTextEditors.find((editor) => editor.document === document) ??
      (await vscode.window.showTextDocument(document, {
        viewColumn: tabsOf(document.uri)[0]?.group.viewColumn ?? vscode.ViewColumn.Active,
        preserveFocus: true,
      }));
    shown.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    this.draw();
  }

  clear(): void {
    this.marked = undefined;
    this.draw();
  }

  dispose(): void {
    this.decoration.dispose();
    for (const listener of this.listeners) {
      listener.dispose();
    }
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const isMarked = editor.document === this.marked?.document;
      editor.setDecorations(this.decoration, isMarked && this.marked ? [this.marked.range] : []);
    }
  }
}
