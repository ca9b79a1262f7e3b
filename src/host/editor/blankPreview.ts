import * as vscode from 'vscode';
import type { TextRange } from '../../shared/text';
import { applyDocumentChange, rangeBetween } from './documentChanges';
import { TrackedText } from './trackedText';

/**
 * Marks a blank in its editor and shows what would stand there, without a change of the document.
 * Stays with the blank when the text before it changes.
 */
export class BlankPreview implements vscode.Disposable {
  private readonly tracked: TrackedText;
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.wordHighlightBackground'),
    outline: '1px dashed',
    outlineColor: new vscode.ThemeColor('editor.wordHighlightBorder'),
  });
  private readonly listener = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document === this.editor.document) {
      applyDocumentChange(this.tracked, event);
    }
  });

  /** @param range the blank, in UTF-16 units of the document. */
  constructor(
    private readonly editor: vscode.TextEditor,
    range: TextRange,
  ) {
    const { document } = editor;
    const blank = document.getText(rangeBetween(document, range.start, range.end));
    this.tracked = new TrackedText(blank, range.start);
    this.show('');
  }

  /** Where the blank is now; nothing once it was changed or its document is gone. */
  get range(): vscode.Range | undefined {
    const { document } = this.editor;
    return document.isClosed || !this.tracked.intact
      ? undefined
      : rangeBetween(document, this.tracked.start, this.tracked.end);
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
