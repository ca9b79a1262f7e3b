import * as vscode from 'vscode';
import type { GenerationOptions } from '../shared/engineApi';

const SECTION = 'headlight';

/** Every setting of the extension, typed. Values that make no sense count as not set. */
export interface Settings {
  /** Model folder for completing; empty for the bundled one. */
  completeModel: string;
  /** Model folder for tracing; empty for the one that completes. */
  traceModel: string;
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
  const wholeFrom = (least: number) => (value: number) =>
    Number.isSafeInteger(value) && value >= least;

  return {
    completeModel: text('complete.model'),
    traceModel: text('trace.model'),
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
      ...optional('seed', number('complete.seed', wholeFrom(0))),
    },
  };
}

/**
 * Remembers a model folder for completing and tracing; an empty one is the bundled model. It goes
 * where it takes effect: a workspace that has a model of its own keeps having one.
 */
export async function writeModelFolder(folder: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  for (const [key, value] of [
    ['complete.model', folder === '' ? undefined : folder],
    ['trace.model', undefined],
  ] as const) {
    const isOfWorkspace = settings.inspect(key)?.workspaceValue !== undefined;
    await settings.update(
      key,
      value,
      isOfWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
    );
  }
}
