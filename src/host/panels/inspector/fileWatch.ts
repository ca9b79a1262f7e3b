import * as path from 'node:path';
import * as vscode from 'vscode';

/** Files are written in pieces: wait until none has come for so long. Unit: milliseconds. */
const QUIET_MS = 300;

/** Tells when a file, or anything in a folder, is written, replaced or deleted. */
export class FileWatch implements vscode.Disposable {
  private readonly watchers: vscode.FileSystemWatcher[];
  private timer: NodeJS.Timeout | undefined;

  constructor(uri: vscode.Uri, onChange: () => void) {
    const changed = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(onChange, QUIET_MS);
    };
    const parent = vscode.Uri.file(path.dirname(uri.fsPath));
    // Weights beside a file belong to it; what is said in its folder, too, or above its folder `onnx`.
    const isInner = path.basename(parent.fsPath) === 'onnx';
    const model = isInner ? vscode.Uri.joinPath(parent, '..') : parent;
    this.watchers = [
      new vscode.RelativePattern(parent, path.basename(uri.fsPath)),
      new vscode.RelativePattern(parent, '*.{onnx_data,data,bin,weights}'),
      new vscode.RelativePattern(parent, '*.onnx_data*'),
      new vscode.RelativePattern(model, '*.json'),
      new vscode.RelativePattern(uri, '{*,onnx/*}'),
    ].map((pattern) => vscode.workspace.createFileSystemWatcher(pattern));
    for (const watcher of this.watchers) {
      watcher.onDidChange(changed);
      watcher.onDidCreate(changed);
      watcher.onDidDelete(changed);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watchers.forEach((watcher) => void watcher.dispose());
  }
}
