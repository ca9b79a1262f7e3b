import * as vscode from 'vscode';
import type { UnsureWord } from '../../shared/generation';
import { percent } from '../../shared/percent';
import { applyDocumentChange, rangeBetween } from './documentChanges';
import { MarkedResult } from './markedResult';

/**
 * Underlines words of results that a model was unsure of, with what it gave for them on pointing at one. The
 * marks of a result stay until it is edited or its document is closed. They are no edits: undo knows
 * nothing of them.
 */
export class UnsureWordDecorations implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    borderStyle: 'none none dotted none',
    borderWidth: '0 0 2px 0',
    borderColor: new vscode.ThemeColor('editorWarning.foreground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.warningForeground'),
    // What is typed beside a mark is none of the model's.
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  /** By document. */
  private readonly results = new Map<string, MarkedResult[]>();
  /** Editors that have or had marks. */
  private readonly drawn = new WeakSet<vscode.TextEditor>();
  private readonly listeners = [
    vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
    vscode.workspace.onDidChangeTextDocument((event) => this.changed(event)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.results.delete(uri.toString())),
  ];

  /**
   * Marks words of a result; nothing where the document has another text by now.
   * @param start where the result stands in the document, in UTF-16 units.
   * @param text the result with line feeds, which the places of the words are for.
   */
  show(
    document: vscode.TextDocument,
    { start, text, words }: { start: number; text: string; words: readonly UnsureWord[] },
  ): void {
    const lineEnd = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    const there = text.replaceAll('\n', lineEnd);
    const end = start + there.length;
    if (document.getText(rangeBetween(document, start, end)) !== there) {
      return;
    }
    const name = document.uri.toString();
    const others = (this.results.get(name) ?? []).filter((one) => !one.overlaps(start, end));
    this.results.set(name, [...others, new MarkedResult(there, start, words)]);
    this.draw();
  }

  dispose(): void {
    this.decoration.dispose();
    for (const listener of this.listeners) {
      listener.dispose();
    }
  }

  private changed(event: vscode.TextDocumentChangeEvent): void {
    const name = event.document.uri.toString();
    const before = this.results.get(name);
    if (before === undefined || event.contentChanges.length === 0) {
      return;
    }
    const left = before.filter((result) => applyDocumentChange(result, event));
    this.results.set(name, left);
    if (left.length < before.length) {
      this.draw();
    }
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const results = this.results.get(document.uri.toString());
      if (results !== undefined || this.drawn.has(editor)) {
        editor.setDecorations(
          this.decoration,
          (results ?? []).flatMap(({ placed }) =>
            placed.map(({ start, end, probability }) => ({
              range: rangeBetween(document, start, end),
              hoverMessage: vscode.l10n.t(
                'The model was unsure here: it gave this word a probability of {0}.',
                percent(probability, vscode.env.language, { maximumSignificantDigits: 2 }),
              ),
            })),
          ),
        );
        this.drawn.add(editor);
      }
    }
  }
}
