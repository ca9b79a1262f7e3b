import * as vscode from 'vscode';
import type { UnsureWord } from '../../shared/engineApi';

/**
 * Underlines words that a model was unsure of, with what it gave for them on pointing at one. The marks of a
 * document stay until its text changes or it is closed.
 */
export class UnsureMarks implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    borderStyle: 'none none dotted none',
    borderWidth: '0 0 2px 0',
    borderColor: new vscode.ThemeColor('editorWarning.foreground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.warningForeground'),
  });
  private readonly marks = new Map<string, vscode.DecorationOptions[]>();
  /** Editors that have or had marks. */
  private readonly drawn = new WeakSet<vscode.TextEditor>();
  private readonly listeners = [
    vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
    vscode.workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => {
      if (contentChanges.length > 0 && this.marks.delete(uri.toString())) {
        this.draw();
      }
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.marks.delete(uri.toString())),
  ];

  /** Marks words of a document, by their offsets in its text with line feeds. */
  show(document: vscode.TextDocument, words: readonly UnsureWord[]): void {
    const text = document.getText().replaceAll('\r\n', '\n');
    this.marks.set(
      document.uri.toString(),
      words.map(({ start, end, probability }) => ({
        range: new vscode.Range(positionIn(text, start), positionIn(text, end)),
        hoverMessage: vscode.l10n.t(
          'The model was unsure here: it gave this word {0}.',
          percent(probability),
        ),
      })),
    );
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
      const marks = this.marks.get(editor.document.uri.toString());
      if (marks !== undefined || this.drawn.has(editor)) {
        editor.setDecorations(this.decoration, marks ?? []);
        this.drawn.add(editor);
      }
    }
  }
}

function positionIn(text: string, offset: number): vscode.Position {
  const lines = text.slice(0, offset).split('\n');
  return new vscode.Position(lines.length - 1, lines.at(-1)?.length ?? 0);
}

function percent(probability: number): string {
  return probability.toLocaleString(vscode.env.language, {
    style: 'percent',
    maximumSignificantDigits: 2,
  });
}
