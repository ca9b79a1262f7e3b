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

/**
 * The quick picks that the extension opens from now on until `tidyUp`, as they come.
 * @param choose answers in place of the user; where it answers nothing the list shows.
 */
export function quickPicks(
  choose: (items: vscode.QuickPickItem[]) => vscode.QuickPickItem | undefined = () => undefined,
): vscode.QuickPickItem[][] {
  const opened: vscode.QuickPickItem[][] = [];
  listen('showQuickPick', ([given]) => {
    const items = given as vscode.QuickPickItem[];
    opened.push(items);
    return choose(items);
  });
  return opened;
}

/** What the extension says of its progress from now on until `tidyUp`, as it comes. */
export function progressMessages(): string[] {
  const said: string[] = [];
  const original = vscode.window.withProgress;
  const listening: typeof original = (options, task) =>
    original(options, (progress, token) =>
      task(
        {
          report: (value) => {
            said.push(value.message ?? '');
            progress.report(value);
          },
        },
        token,
      ),
    );
  Object.assign(vscode.window, { withProgress: listening });
  restore.push(() => Object.assign(vscode.window, { withProgress: original }));
  return said;
}

/** @param heard may answer in place of the user. */
function listen(
  name: 'showInformationMessage' | 'showWarningMessage' | 'showErrorMessage' | 'showQuickPick',
  heard: (args: unknown[]) => unknown,
): void {
  const original = vscode.window[name] as (...args: unknown[]) => unknown;
  const listening = (...args: unknown[]): unknown => {
    const answer = heard(args);
    return answer === undefined ? original(...args) : Promise.resolve(answer);
  };
  Object.assign(vscode.window, { [name]: listening });
  restore.push(() => Object.assign(vscode.window, { [name]: original }));
}
