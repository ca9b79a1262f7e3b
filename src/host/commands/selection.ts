import * as vscode from 'vscode';

/** The text that a command works on, and where it stands. */
export interface SelectedText {
  editor: vscode.TextEditor;
  document: vscode.TextDocument;
  text: string;
  /** Half open, in UTF-16 units of the document. */
  start: number;
  end: number;
}

/**
 * The selection of the active editor. Where nothing is selected, or blanks alone, the user is asked
 * and may take the line instead.
 */
export async function selectedText(): Promise<SelectedText | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open a text file and select some text first.'),
    );
    return undefined;
  }
  const chosen = read(editor);
  if (chosen.text.trim() !== '') {
    return chosen;
  }
  const hint = vscode.l10n.t('Nothing is selected: select the text that Headlight should work on.');
  const { range, isEmptyOrWhitespace } = editor.document.lineAt(editor.selection.active.line);
  if (isEmptyOrWhitespace) {
    void vscode.window.showInformationMessage(hint);
    return undefined;
  }
  const useLine = vscode.l10n.t('Use the Line');
  const answer = await vscode.window.showInformationMessage(hint, useLine);
  if (answer !== useLine || editor.document.isClosed) {
    return undefined;
  }
  editor.selection = new vscode.Selection(range.start, range.end);
  return read(editor);
}

function read(editor: vscode.TextEditor): SelectedText {
  const { document, selection } = editor;
  return {
    editor,
    document,
    text: document.getText(selection),
    start: document.offsetAt(selection.start),
    end: document.offsetAt(selection.end),
  };
}
