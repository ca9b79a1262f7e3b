import * as vscode from 'vscode';

/** Whether the workspace is trusted, without which nothing runs. Tells the user if not. */
export function isTrusted(): boolean {
  if (!vscode.workspace.isTrusted) {
    void offerTrust();
  }
  return vscode.workspace.isTrusted;
}

async function offerTrust(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Headlight runs models in trusted workspaces only.'),
    manage,
  );
  if (answer === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
}
