import * as vscode from 'vscode';
import type { TextRange } from '../../shared/text';
import { TrackedRange } from './trackedRange';

/**
 * Marks a blank in its editor and shows what would stand there, without a change of the document.
 * Stays with the blank when the text before it changes.
 */
export class BlankPreview implements vscode.Disposable {
  private readonly tracked: TrackedRange;
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.wordHighlightBackground'),
    outline: '1px dashed',
    outlineColor: new vscode.ThemeColor('editor.wordHighlightBorder'),
  });
  private readonly listener = vscode.workspace.onDidChangeTextDocument(
    ({ document, contentChanges }) => {
      if (document === this.editor.document) {
        for (const { rangeOffset, rangeLength, text } of contentChanges) {
          this.tracked.apply({ offset: rangeOffset, removed: rangeLength, inserted: text.length });
        }
      }
    },
  );

  /** @param range the blank, in UTF-16 units of the document. */
  constructor(
    private readonly editor: vscode.TextEditor,
    range: TextRange,
  ) {
    this.tracked = new TrackedRange(range.start, range.end);
    this.show('');
  }

  /** Where the blank is now; nothing once it was changed or its document is gone. */
  get range(): vscode.Range | undefined {
    const { document } = this.editor;
    return document.isClosed || !this.tracked.intact
      ? undefined
      : new vscode.Range(
          document.positionAt(this.tracked.start),
          document.positionAt(this.tracked.end),
        );
  }

  /** Shows a text behind the blank; an empty one leaves the mark alone. */
  show(text: string): void {
    const { range } = this;
    if (!range) {
      return;
    }
    const after = {
      contentText: ` → ${text}`,
      color: new vscode.ThemeColor('editorGhostText.foreground'),
      fontStyle: 'italic',
    };
    this.editor.setDecorations(this.decoration, [
      { range, ...(text === '' ? {} : { renderOptions: { after } }) },
    ]);
  }

  dispose(): void {
    this.listener.dispose();
    this.decoration.dispose();
  }
}
