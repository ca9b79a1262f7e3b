import * as vscode from 'vscode';
import { modelsOfHubCache, modelsOfWorkspace, type FoundModel } from './foundModels';

interface ModelItem extends vscode.QuickPickItem {
  choose?: () => Thenable<vscode.Uri | undefined>;
}

/**
 * Offers the models that can be found, and the dialogs for all others, which are there at once.
 * @param title what is asked.
 */
export async function pickModel(title: string): Promise<vscode.Uri | undefined> {
  const stop = new vscode.CancellationTokenSource();
  const picker = vscode.window.createQuickPick<ModelItem>();
  picker.title = title;
  picker.matchOnDescription = true;
  picker.items = browsing();
  picker.busy = true;
  const found = Promise.all([modelsOfWorkspace(stop.token), modelsOfHubCache()]);
  const list = async (): Promise<void> => {
    const [workspace, cache] = await found;
    picker.items = [
      ...group(vscode.l10n.t('In this workspace'), workspace),
      ...group(vscode.l10n.t('In the Hugging Face cache'), cache),
      ...browsing(),
    ];
    picker.busy = false;
  };
  try {
    const chosen = await new Promise<ModelItem | undefined>((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]));
      picker.onDidHide(() => resolve(undefined));
      picker.show();
      // A search that fails leaves the dialogs.
      list().catch(() => (picker.busy = false));
    });
    return await chosen?.choose?.();
  } finally {
    stop.cancel();
    stop.dispose();
    picker.dispose();
  }
}

function group(label: string, models: readonly FoundModel[]): ModelItem[] {
  if (models.length === 0) {
    return [];
  }
  return [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...models.map(({ name, place, uri }) => ({
      label: name,
      description: place,
      choose: () => Promise.resolve(uri),
    })),
  ];
}

/** No dialog of the system lets files and folders be chosen alike everywhere: there is one for each. */
function browsing(): ModelItem[] {
  return [
    { label: vscode.l10n.t('Elsewhere'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(folder) ${vscode.l10n.t('Model Folder…')}`,
      choose: () => browse({ canSelectFolders: true, canSelectFiles: false }),
    },
    {
      label: `$(file) ${vscode.l10n.t('Model File…')}`,
      choose: () =>
        browse({ filters: { [vscode.l10n.t('Model files')]: ['onnx', 'safetensors', 'gguf'] } }),
    },
  ];
}

async function browse(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined> {
  const openLabel = vscode.l10n.t('Open');
  const [chosen] = (await vscode.window.showOpenDialog({ ...options, openLabel })) ?? [];
  return chosen;
}
