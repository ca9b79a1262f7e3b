import * as vscode from 'vscode';

// The extension and its tests share one `vscode.window`: what the extension shows passes here too.
const restore: (() => void)[] = [];

/** Stops listening to the window. */
export function restoreWindow(): void {
  for (const one of restore.splice(0)) {
    one();
  }
}

/**
 * The messages that the extension shows from now on until `tidyUp`, as they come.
 * @param button pressed at once on those that have it.
 */
export function messages(button?: string): string[] {
  const shown: string[] = [];
  for (const name of [
    'showInformationMessage',
    'showWarningMessage',
    'showErrorMessage',
  ] as const) {
    listen(name, ([message, ...buttons]) => {
      shown.push(String(message));
      return buttons.includes(button) ? button : undefined;
    });
  }
  return shown;
}

/** The quick picks that the extension opens from now on until `tidyUp`, as they come. */
export function quickPicks(): vscode.QuickPickItem[][] {
  const opened: vscode.QuickPickItem[][] = [];
  listen('showQuickPick', ([items]) => {
    opened.push(items as vscode.QuickPickItem[]);
    return undefined;
  });
  return opened;
}

/** @param heard may answer in place of the user. */
function listen(
  name: 'showInformationMessage' | 'showWarningMessage' | 'showErrorMessage' | 'showQuickPick',
  heard: (args: unknown[]) => string | undefined,
): void {
  const original = vscode.window[name] as (...args: unknown[]) => unknown;
  const listening = (...args: unknown[]): unknown => {
    const answer = heard(args);
    return answer === undefined ? original(...args) : Promise.resolve(answer);
  };
  Object.assign(vscode.window, { [name]: listening });
  restore.push(() => Object.assign(vscode.window, { [name]: original }));
}
