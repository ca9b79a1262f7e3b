import * as vscode from 'vscode';

/** The tabs that show a document's text, alone or beside another one. */
export function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter((tab) => showsText(tab, uri));
}

/** Whether a tab, which may be closed by now, shows a document's text. */
export function showsText({ input }: vscode.Tab, uri: vscode.Uri): boolean {
  const shown =
    input instanceof vscode.TabInputText
      ? [input.uri]
      : input instanceof vscode.TabInputTextDiff
        ? [input.original, input.modified]
        : [];
  return shown.some((one) => one.toString() === uri.toString());
}
