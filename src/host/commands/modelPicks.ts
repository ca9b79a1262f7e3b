import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ModelChoice, Task } from '../../shared/modelSummary';
import { escapeForLabel } from '../escapeText';
import { readSettings, type ModelUse } from '../settings';

/** Asks what a model is to be chosen for. */
export async function pickUse(): Promise<ModelUse | undefined> {
  const { models } = readSettings();
  const names: Record<ModelUse, string> = {
    ...taskNames(),
    trace: vscode.l10n.t('Trace attention'),
  };
  const items = (Object.keys(names) as ModelUse[]).map((use) => ({
    label: names[use],
    description: describe(models[use]),
    use,
  }));
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('What is the model for?'),
  });
  return item?.use;
}

/** Asks which model shall serve a use: a folder, or an empty text for the default. */
export async function pickFolder(use: ModelUse): Promise<string | undefined> {
  const current = readSettings().models[use];
  const items: (vscode.QuickPickItem & { folder?: string })[] = [
    use === 'trace'
      ? { label: `$(sparkle) ${vscode.l10n.t('The Model That Completes Text')}`, folder: '' }
      : {
          label: `$(package) ${vscode.l10n.t('Bundled Model')}`,
          description: vscode.l10n.t('tiny, trained by this project on software text'),
          folder: '',
        },
    ...('folder' in current
      ? [{ label: `$(folder) ${escapeForLabel(current.folder)}`, folder: current.folder }]
      : []),
    {
      label: `$(folder-opened) ${vscode.l10n.t('Choose a Folder…')}`,
      description: kindWanted(use),
    },
  ];
  const item = await vscode.window.showQuickPick(items, { title: titleFor(use) });
  return item && (item.folder ?? (await browse()));
}

/** Asks which of the models at hand shall trace: the bundled ones and those of the settings. */
export async function pickTracedModel(): Promise<ModelChoice | undefined> {
  const { models } = readSettings(vscode.window.activeTextEditor?.document.uri);
  const names = taskNames();
  const bundled = (Object.keys(names) as Task[]).map((task) => ({
    label: `$(package) ${names[task]}`,
    description: kindOf(task),
    model: { bundled: task } satisfies ModelChoice,
  }));
  const folders = Object.values(models).flatMap((model) =>
    'folder' in model ? [model.folder] : [],
  );
  const own = Array.from(new Set(folders), (folder) => ({
    label: `$(folder) ${escapeForLabel(path.basename(folder))}`,
    description: escapeForLabel(folder),
    model: { folder } satisfies ModelChoice,
  }));
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: (vscode.QuickPickItem & { model?: ModelChoice })[] = [
    ...(own.length === 0 ? [] : [separator(vscode.l10n.t('Models in your settings')), ...own]),
    separator(vscode.l10n.t('Bundled models')),
    ...bundled,
  ];
  const item = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Trace attention with which model?'),
    matchOnDescription: true,
  });
  return item?.model;
}

/** What Headlight can do with a model, as the user reads it. */
function taskNames(): Record<Task, string> {
  return {
    complete: vscode.l10n.t('Complete text'),
    translate: vscode.l10n.t('Translate'),
    summarize: vscode.l10n.t('Summarize'),
    fillMask: vscode.l10n.t('Fill in the blank'),
  };
}

function kindOf(task: Task): string {
  switch (task) {
    case 'complete':
      return vscode.l10n.t('decoder-only');
    case 'translate':
    case 'summarize':
      return vscode.l10n.t('encoder–decoder');
    case 'fillMask':
      return vscode.l10n.t('encoder-only');
  }
}

function titleFor(use: ModelUse): string {
  switch (use) {
    case 'complete':
      return vscode.l10n.t('Model that completes text');
    case 'translate':
      return vscode.l10n.t('Model that translates');
    case 'summarize':
      return vscode.l10n.t('Model that summarizes');
    case 'fillMask':
      return vscode.l10n.t('Model that fills in the blank');
    case 'trace':
      return vscode.l10n.t('Model whose attention is traced');
  }
}

function kindWanted(use: ModelUse): string {
  const layout = vscode.l10n.t('in the Hugging Face layout, with ONNX weights');
  return use === 'trace' ? layout : vscode.l10n.t('{0}, {1}', kindOf(use), layout);
}

function describe(model: ModelChoice): string {
  return 'folder' in model ? escapeForLabel(model.folder) : vscode.l10n.t('bundled model');
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
