import * as vscode from 'vscode';
import { paragraphAround } from './paragraph';

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
 * The selection of the active editor; of several the one that was made first, which alone stays
 * selected. Where nothing is selected, or blanks alone, the user is told,
 * and may take the line instead; nobody waits for the answer.
 * @param again runs the command once more, with the line selected.
 */
export function selectedText(again: () => Promise<void>): SelectedText | undefined {
  const editor = activeEditor();
  if (!editor) {
    return undefined;
  }
  const selected = read(editor);
  if (selected.text.trim() !== '') {
    return selected;
  }
  void offerLine(editor, again);
  return undefined;
}

/**
 * The selection of the active editor; of several the one that was made first, which alone stays
 * selected. Where nothing is selected it is the paragraph at the cursor,
 * which gets selected, so that one sees what the command is about. The user is told where there is
 * neither.
 */
export function selectedTextOrParagraph(): SelectedText | undefined {
  const editor = activeEditor();
  if (!editor) {
    return undefined;
  }
  const { document, selection } = editor;
  if (selection.isEmpty) {
    const paragraph = paragraphAround(
      selection.active.line,
      document.lineCount,
      (line) => document.lineAt(line).text,
    );
    if (paragraph) {
      const { first, last } = paragraph;
      editor.selection = new vscode.Selection(
        document.lineAt(first).range.start,
        document.lineAt(last).range.end,
      );
    }
  }
  const selected = read(editor);
  if (selected.text.trim() !== '') {
    return selected;
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'There is no text here: select some, or put the cursor into the paragraph that Headlight should work on.',
    ),
  );
  return undefined;
}

/** The editor that commands are about; the user is told where there is none. */
export function activeEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open a text file and select some text first.'),
    );
  }
  return editor;
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
  const { document, selection, selections } = editor;
  if (selections.length > 1) {
    // One text at a time; what is left selected shows which.
    editor.selection = selection;
  }
  return {
    editor,
    document,
    text: document.getText(selection),
    start: document.offsetAt(selection.start),
    end: document.offsetAt(selection.end),
  };
}
