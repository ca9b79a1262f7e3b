import * as vscode from 'vscode';
import type { GenerationOptions } from '../shared/generation';
import type { RequestedLanguages, ModelChoice, Task } from '../shared/modelSummary';
import { LARGEST_SEED } from '../shared/limits';

const SECTION = 'headlight';

/** What a model can be chosen for: each has a setting `headlight.….model`. */
export type ModelUse = Task | 'trace';

/** Whether a command's argument names a use. */
export function isModelUse(value: unknown): value is ModelUse {
  return ['complete', 'translate', 'summarize', 'fillMask', 'trace'].some((use) => use === value);
}

/** Where a translation or a summary goes: into a document of its own, or over its source. */
export type ResultPlacement = 'beside' | 'inPlace';

/** Every setting of the extension, typed. Values that make no sense count as not set. */
export interface Settings {
  /** By use; what is traced is the completing model unless it has one of its own. */
  models: Record<ModelUse, ModelChoice>;
  resultPlacement: ResultPlacement;
  /** What to translate between, as far as it is set. */
  languages: RequestedLanguages;
  generation: GenerationOptions;
}

/** Reads the settings as they are now, for a document's folder where that makes a difference. */
export function readSettings(scope?: vscode.Uri): Settings {
  const settings = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const text = (key: string): string => {
    const value = settings.get<unknown>(key);
    return typeof value === 'string' ? value.trim() : '';
  };
  const number = (key: string, allowed: (value: number) => boolean): number | undefined => {
    const value = settings.get<unknown>(key);
    return typeof value === 'number' && allowed(value) ? value : undefined;
  };
  const optional = <K extends keyof GenerationOptions>(
    key: K,
    value: number | undefined,
  ): Partial<Pick<GenerationOptions, K>> =>
    value === undefined ? {} : ({ [key]: value } as Pick<GenerationOptions, K>);
  const wholeFrom =
    (least: number, most = Infinity) =>
    (value: number) =>
      Number.isSafeInteger(value) && value >= least && value <= most;
  const model = (use: ModelUse, otherwise: ModelChoice): ModelChoice => {
    const folder = text(modelKey(use));
    return folder === '' ? otherwise : { folder };
  };
  const complete = model('complete', { bundled: 'complete' });
  const source = text('translate.source');
  const target = text('translate.target');

  return {
    models: {
      complete,
      translate: model('translate', { bundled: 'translate' }),
      summarize: model('summarize', { bundled: 'summarize' }),
      fillMask: model('fillMask', { bundled: 'fillMask' }),
      trace: model('trace', complete),
    },
    resultPlacement: text('result.placement') === 'inPlace' ? 'inPlace' : 'beside',
    languages: {
      ...(source === '' ? {} : { source }),
      ...(target === '' ? {} : { target }),
    },
    generation: {
      maxNewTokens: number('complete.maxNewTokens', wholeFrom(1)) ?? 64,
      ...optional(
        'temperature',
        number('complete.temperature', (value) => value >= 0),
      ),
      ...optional('topK', number('complete.topK', wholeFrom(0))),
      ...optional(
        'topP',
        number('complete.topP', (value) => value > 0 && value <= 1),
      ),
      ...optional(
        'repetitionPenalty',
        number('complete.repetitionPenalty', (value) => value > 0),
      ),
      ...optional('seed', number('complete.seed', wholeFrom(0, LARGEST_SEED))),
    },
  };
}

/**
 * Sets the model folder for a use, or removes the setting. It is written to the workspace if that has a value
 * of its own, which would override the user's setting; else to the user's settings.
 */
export async function writeModelFolder(use: ModelUse, folder: string | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const key = modelKey(use);
  const isOfWorkspace = settings.inspect(key)?.workspaceValue !== undefined;
  await settings.update(
    key,
    folder,
    isOfWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

function modelKey(use: ModelUse): string {
  return `${use}.model`;
}
