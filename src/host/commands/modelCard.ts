import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ModelChoice } from '../../shared/modelSummary';
import type { EngineClient } from '../engine/engineClient';

/**
 * Opens what the makers of a model say of it, as a preview.
 * @throws Failure when the model cannot be opened.
 */
export async function showModelCard(engine: EngineClient, model: ModelChoice): Promise<void> {
  const { folder } = await engine.call('openModel', { model });
  await showMarkdown(vscode.Uri.file(path.join(folder, 'MODEL_CARD.md')));
}

/** Opens a Markdown document as a preview. */
export async function showMarkdown(document: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', document);
  } catch {
    // Users can turn VS Code's own Markdown extension off.
    await vscode.commands.executeCommand('vscode.open', document);
  }
}
