import * as vscode from 'vscode';
import type { UnsureWord } from '../../shared/generation';
import { tabsOf } from './tabs';
import type { UnsureWordDecorations } from './unsureWordDecorations';

/** What result documents are called and how their text is set. */
export interface ResultDocumentOptions {
  /** Its title, which is a file's name as well when the result is saved. */
  name: string;
  /** Identifier of the language. */
  language: string;
  /** The document that the result is of: each has one of this name, used again and again. */
  source: vscode.Uri;
}

/**
 * Documents that hold results: read-only, in no file, and closed without a question. The workbench
 * can copy, compare and save them as files.
 */
export class ResultDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  static readonly scheme = 'headlight-result';

  private readonly texts = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly closings = new vscode.EventEmitter<vscode.Uri>();
  /** Tells of a document whose last tab was closed; the workbench keeps it for a while. */
  readonly onDidClose = this.closings.event;
  private readonly listener = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
    for (const { input } of closed) {
      if (input instanceof vscode.TabInputText && this.texts.has(input.uri.toString())) {
        this.forgetClosed(input.uri);
      }
    }
  });

  constructor(private readonly marks: UnsureWordDecorations) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /**
   * Shows a text in its document beside the active editor, or where the document is open already;
   * the cursor stays where it is.
   */
  async open(
    text: string,
    { name, language, source }: ResultDocumentOptions,
  ): Promise<vscode.TextDocument> {
    const uri = vscode.Uri.from({
      scheme: ResultDocuments.scheme,
      path: `/${name.replaceAll('/', '∕')}`,
      query: source.toString(),
    });
    this.put(uri, text);
    let document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId !== language) {
      document = await vscode.languages.setTextDocumentLanguage(document, language);
    }
    await vscode.window.showTextDocument(document, {
      viewColumn: tabsOf(uri)[0]?.group.viewColumn ?? vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    return document;
  }

  /** Puts another text into a document; does nothing once it is closed. */
  update({ uri }: vscode.TextDocument, text: string): void {
    if (this.texts.has(uri.toString())) {
      this.put(uri, text);
    }
  }

  /** Resolves once a document shows the text that was put into it last, or is closed. */
  async settled(document: vscode.TextDocument): Promise<void> {
    const isSettled = (): boolean => {
      const text = this.texts.get(document.uri.toString());
      return text === undefined || document.getText().replaceAll('\r\n', '\n') === text;
    };
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (isSettled()) {
          vscode.Disposable.from(...listeners).dispose();
          resolve();
        }
      };
      const listeners = [vscode.workspace.onDidChangeTextDocument(check), this.onDidClose(check)];
      check();
    });
  }

  /** Marks the words of a document's settled text that its model was unsure of. */
  markUnsure(document: vscode.TextDocument, words: readonly UnsureWord[]): void {
    const text = this.texts.get(document.uri.toString());
    if (text !== undefined) {
      this.marks.show(document, { start: 0, text, words });
    }
  }

  dispose(): void {
    this.listener.dispose();
    this.changes.dispose();
    this.closings.dispose();
  }

  private put(uri: vscode.Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    this.changes.fire(uri);
  }

  private forgetClosed(uri: vscode.Uri): void {
    if (tabsOf(uri).length === 0) {
      this.texts.delete(uri.toString());
      this.closings.fire(uri);
    }
  }
}
