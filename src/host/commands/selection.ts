import * as vscode from 'vscode';
import { escapeForMessage } from '../escapeText';
import { paragraphAround } from './paragraph';
import { characterEnd, characterStart } from './wholeCharacters';

/** A text that a command works on. */
export interface SelectedText {
  text: string;
  /** Half open, in UTF-16 units of the document. */
  start: number;
  end: number;
}

/** What a command works on. */
export interface SelectedTexts {
  editor: vscode.TextEditor;
  document: vscode.TextDocument;
  /** At least one, in the order of the document. */
  texts: SelectedText[];
}

/**
 * The selections of the active editor, as far as there is text in them. Where there is none, the
 * user is told, and may take the line instead; nobody waits for the answer.
 * @param again runs the command once more, with the line selected.
 */
export function selectedTexts(again: () => Promise<void>): SelectedTexts | undefined {
  const editor = activeEditor();
  if (!editor) {
    return undefined;
  }
  const texts = textsOf(editor, editor.selections);
  if (texts.length === 0) {
    void offerLine(editor, again);
    return undefined;
  }
  return { editor, document: editor.document, texts };
}

/** As {@link selectedTexts}, for a command that takes one text: of several the user is told which. */
export function selectedText(
  again: () => Promise<void>,
): (Omit<SelectedTexts, 'texts'> & SelectedText) | undefined {
  const selected = selectedTexts(again);
  if (!selected) {
    return undefined;
  }
  const { editor, document, texts } = selected;
  const [taken = texts[0]] = textsOf(editor, [editor.selection]);
  if (taken && texts.length > 1) {
    reportUsedSelection(taken.text);
  }
  return taken && { editor, document, ...taken };
}

/**
 * The selections of the active editor; a cursor with nothing selected stands for its paragraph,
 * which gets selected, so that one sees what the command is about. The user is told where there is
 * no text.
 */
export function selectedTextsOrParagraphs(): SelectedTexts | undefined {
  const editor = activeEditor();
  if (!editor) {
    return undefined;
  }
  const { document, selections } = editor;
  if (selections.some(({ isEmpty }) => isEmpty)) {
    const wanted = selections.map((selection) =>
      selection.isEmpty ? (paragraphAt(document, selection.active) ?? selection) : selection,
    );
    editor.selections = joined(wanted);
  }
  const texts = textsOf(editor, editor.selections);
  if (texts.length > 0) {
    return { editor, document, texts };
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'There is no text here: select some, or put the cursor into the paragraph that Headlight should work on.',
    ),
  );
  return undefined;
}

/** Says which of several selections a command took that takes one alone. */
export function reportUsedSelection(text: string): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Of several selections Headlight took the one that was made first: “{0}”.',
      excerpt(text),
    ),
  );
}

/** As much of a text as a message needs, so that one knows it again. */
export function excerpt(text: string): string {
  const [line = ''] = text.trim().split(/\r\n|\r|\n/);
  return escapeForMessage(line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line);
}

/** Characters of a text by which one knows it again. */
const MOST_QUOTED = 40;

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

function paragraphAt(
  document: vscode.TextDocument,
  { line }: vscode.Position,
): vscode.Selection | undefined {
  const found = paragraphAround(line, document.lineCount, (index) => document.lineAt(index).text);
  return (
    found &&
    new vscode.Selection(
      document.lineAt(found.first).range.start,
      document.lineAt(found.last).range.end,
    )
  );
}

/** Joins selections that share characters, in the order of the document. */
function joined(selections: readonly vscode.Selection[]): vscode.Selection[] {
  const all: vscode.Selection[] = [];
  for (const next of selections.toSorted((one, other) => one.start.compareTo(other.start))) {
    const last = all.at(-1);
    if (last && next.start.isBefore(last.end)) {
      const { start, end } = last.union(next);
      all[all.length - 1] = new vscode.Selection(start, end);
    } else {
      all.push(next);
    }
  }
  return all;
}

function textsOf(
  { document }: vscode.TextEditor,
  selections: readonly vscode.Selection[],
): SelectedText[] {
  return joined(selections.map((selection) => ofWholeCharacters(document, selection)))
    .map((selection) => ({
      text: document.getText(selection),
      start: document.offsetAt(selection.start),
      end: document.offsetAt(selection.end),
    }))
    .filter(({ text }) => text.trim() !== '');
}

/** Not every selection is made by hand: one may end within a character. */
function ofWholeCharacters(
  document: vscode.TextDocument,
  selection: vscode.Selection,
): vscode.Selection {
  const { start, end, isEmpty } = selection;
  if (isEmpty) {
    return selection;
  }
  const lineOf = ({ line }: vscode.Position): string => document.lineAt(line).text;
  return new vscode.Selection(
    start.with({ character: characterStart(lineOf(start), start.character) }),
    end.with({ character: characterEnd(lineOf(end), end.character) }),
  );
}
