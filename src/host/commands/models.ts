import * as vscode from 'vscode';
import type { ModelChoice, ModelSummary } from '../../shared/modelSummary';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { escapeForMessage } from '../escapeText';
import { readSettings, writeModelFolder, type ModelUse } from '../settings';
import { pickFolder, pickUse } from './modelPicks';

/**
 * Headlight: Choose Model. Lets the user take a model folder of their own, checked before it is
 * kept.
 * @param given what the model is for; asked when absent.
 * @returns whether one was chosen.
 */
export async function chooseModel(
  engine: EngineClient,
  log: vscode.LogOutputChannel,
  given?: ModelUse,
): Promise<boolean> {
  const use = given ?? (await pickUse());
  if (use === undefined) {
    return false;
  }
  const folder = await pickFolder(use);
  if (folder === undefined) {
    return false;
  }
  try {
    const summary = await engine.call('openModel', { model: choice(use, folder), use });
    await writeModelFolder(use, folder === '' ? undefined : folder);
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Headlight now uses {0} ({1} layers × {2} heads).',
        escapeForMessage(summary.name),
        layersOf(summary),
        summary.heads,
      ),
    );
    return true;
  } catch (error) {
    showError(error, log);
    return false;
  }
}

/** An empty folder is what the use has when the setting is empty. */
function choice(use: ModelUse, folder: string): ModelChoice {
  if (folder !== '') {
    return { folder };
  }
  return use === 'trace' ? readSettings().models.complete : { bundled: use };
}

/** The number of layers, the encoder's before the decoder's where there are both. */
function layersOf({ layers: { encoder, decoder } }: ModelSummary): string {
  return [encoder, decoder].filter((count) => count !== undefined).join(' + ');
}
