import * as vscode from 'vscode';

/** The tabs that show a text, alone or beside another one, or a notebook. */
export function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter((tab) => tabShows(tab, uri));
}

/** Whether a tab, which may be closed by now, shows a text or a notebook. */
export function tabShows({ input }: vscode.Tab, uri: vscode.Uri): boolean {
  return shownBy(input).some((one) => one.toString() === uri.toString());
}

/** What a tab shows that shows a document: the notebook, where it is a cell. */
export function shownUri(document: vscode.TextDocument): vscode.Uri {
  const notebook = vscode.workspace.notebookDocuments.find((one) =>
    one.getCells().some((cell) => cell.document === document),
  );
  return notebook?.uri ?? document.uri;
}

function shownBy(input: unknown): vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook) {
    return [input.uri];
  }
  return input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff
    ? [input.original, input.modified]
    : [];
}
