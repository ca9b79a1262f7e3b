import * as vscode from 'vscode';

/** Characters of a text that a view may have a model read: of more it reads the beginning. */
export const READ_CHARACTERS = 10_000;

/** What is selected in a text editor that can be seen: the inspector itself is the active one. */
export function selectedText(): string | undefined {
  const texts = vscode.window.visibleTextEditors.map(({ document, selection }) =>
    document.getText(selection),
  );
  return texts.find((text) => text.trim() !== '')?.slice(0, READ_CHARACTERS);
}
