import * as vscode from 'vscode';
import type { InspectorEditor } from '../panels/inspector/inspectorEditor';
import { pickModel } from './pickModel';

/**
 * Headlight: Inspect Model. Opens a model file or folder in the inspector.
 * @param given what the explorer's menu was opened on; asked when absent.
 */
export async function inspectModel(editor: InspectorEditor, given?: unknown): Promise<void> {
  const uri =
    given instanceof vscode.Uri ? given : await pickModel(vscode.l10n.t('Inspect which model?'));
  if (uri !== undefined) {
    await editor.open(uri);
  }
}

/**
 * Headlight: Compare Models. Opens one model in the inspector, compared with another.
 * @param given what the explorer's menu was opened on, and all that is selected there; asked when absent.
 */
export async function compareModels(
  editor: InspectorEditor,
  given?: unknown,
  selected?: unknown,
): Promise<void> {
  const chosen = Array.isArray(selected) ? selected.filter((uri) => uri instanceof vscode.Uri) : [];
  const first = chosen[0] ?? (given instanceof vscode.Uri ? given : undefined);
  const a = first ?? (await pickModel(vscode.l10n.t('Compare which model?')));
  if (a === undefined) {
    return;
  }
  const b = chosen[1] ?? (await pickModel(vscode.l10n.t('Compare with which model?')));
  if (b !== undefined) {
    await editor.compare(a, b);
  }
}
