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
 * The selection of the active editor. Where nothing is selected, or blanks alone, the user is told,
 * and may take the line instead; nobody waits for the answer.
 * @param again runs the command once more, with the line selected.
 */
export function selectedText(again: () => Promise<void>): SelectedText | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open a text file and select some text first.'),
    );
    return undefined;
  }
  const selected = read(editor);
  if (selected.text.trim() !== '') {
    return selected;
  }
  void offerLine(editor, again);
  return undefined;
}

async function offerLine(editor: vscode.TextEditor, again: () => Promise<void>): Promise<void> {
  const useLine = vscode.l10n.t('Use the Line');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Nothing is selected: select the text that Headlight should work on.'),
    ...(lineOf(editor).isEmptyOrWhitespace ? [] : [useLine]),
  );
  if (answer === useLine && !editor.document.isClosed) {
    const { document, viewColumn } = editor;
    await vscode.window.showTextDocument(document, {
      selection: lineOf(editor).range,
      ...(viewColumn === undefined ? {} : { viewColumn }),
    });
    await again();
  }
}

function lineOf({ document, selection }: vscode.TextEditor): vscode.TextLine {
  return document.lineAt(selection.active.line);
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
