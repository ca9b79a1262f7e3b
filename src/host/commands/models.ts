import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { readSettings, writeModelFolder } from '../settings';

interface ModelItem extends vscode.QuickPickItem {
  /** Empty for the bundled model, absent for "browse". */
  folder?: string;
}

/** Headlight: Choose Model. Lets the user take a model folder of their own, checked before it is kept. */
export async function chooseModel(
  engine: EngineClient,
  bundledModel: string,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const current = readSettings().completeModel;
  const items: ModelItem[] = [
    {
      label: `$(package) ${vscode.l10n.t('Bundled Model')}`,
      description: vscode.l10n.t('tiny, trained by this project on software text'),
      folder: '',
    },
    ...(current === '' ? [] : [{ label: `$(folder) ${current}`, folder: current }]),
    {
      label: `$(folder-opened) ${vscode.l10n.t('Choose a Folder…')}`,
      description: vscode.l10n.t(
        'a text-generation model in the Hugging Face layout, with ONNX weights',
      ),
    },
  ];
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Model for completing and tracing'),
  });
  const folder = item && (item.folder ?? (await browse()));
  if (folder === undefined) {
    return;
  }
  try {
    const { name, layers, heads } = await engine.call('openModel', {
      model: folder || bundledModel,
    });
    await writeModelFolder(folder);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Headlight now uses {0} ({1} layers × {2} heads).', name, layers, heads),
    );
  } catch (error) {
    showError(error, log);
  }
}

async function browse(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: vscode.l10n.t('Use This Model'),
    })) ?? [];
  return folder?.fsPath;
}
