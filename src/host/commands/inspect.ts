import * as vscode from 'vscode';
import type { InspectorEditor } from '../panels/inspector/inspectorEditor';

/**
 * Headlight: Inspect Model. Opens a model file or folder in the inspector.
 * @param given what the explorer's menu was opened on; asked when absent.
 */
export async function inspectModel(editor: InspectorEditor, given?: unknown): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : await pick();
  if (uri !== undefined) {
    await editor.open(uri);
  }
}

/** No dialog of the system lets files and folders be chosen alike everywhere: it is asked first. */
async function pick(): Promise<vscode.Uri | undefined> {
  const folder = { label: `$(folder) ${vscode.l10n.t('Model Folder…')}`, isFolder: true };
  const file = { label: `$(file) ${vscode.l10n.t('Model File…')}`, isFolder: false };
  const kind = await vscode.window.showQuickPick([folder, file], {
    title: vscode.l10n.t('Inspect which model?'),
  });
  if (kind === undefined) {
    return undefined;
  }
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: kind.isFolder,
      canSelectFiles: !kind.isFolder,
      openLabel: vscode.l10n.t('Inspect'),
      ...(kind.isFolder ? {} : { filters: { [vscode.l10n.t('Model files')]: ['onnx'] } }),
    })) ?? [];
  return chosen;
}
