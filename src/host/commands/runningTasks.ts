import * as vscode from 'vscode';

/** Keybindings and menus can ask for this: true while a task runs that Esc would stop. */
const CONTEXT_KEY = 'headlight.busy';

/** Where a task says how far it is. */
export type Progress = vscode.Progress<{ message: string }>;

/** What runs for the user right now, by a name that no two tasks may share at a time. */
export class RunningTasks implements vscode.Disposable {
  private readonly byName = new Map<string, AbortController>();

  isRunning(name: string): boolean {
    return this.byName.has(name);
  }

  /**
   * Runs a task that can be cancelled: by Esc, by its progress notification, by `stopAll`.
   * @param title shown while it runs.
   */
  async run<T>(
    name: string,
    title: string,
    task: (controller: AbortController, progress: Progress) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    this.byName.set(name, controller);
    this.publish();
    try {
      return await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        (progress, token) => {
          token.onCancellationRequested(() => controller.abort());
          return task(controller, progress);
        },
      );
    } finally {
      // A newer task of the same name has taken the place already.
      if (this.byName.get(name) === controller) {
        this.byName.delete(name);
      }
      this.publish();
    }
  }

  stop(name: string): void {
    this.byName.get(name)?.abort();
  }

  stopAll(): void {
    for (const controller of this.byName.values()) {
      controller.abort();
    }
  }

  dispose(): void {
    this.stopAll();
  }

  private publish(): void {
    void vscode.commands.executeCommand('setContext', CONTEXT_KEY, this.byName.size > 0);
  }
}
