import * as vscode from 'vscode';
import type { RequestedLanguages, ModelChoice, ModelLanguage } from '../../shared/modelSummary';
import { Cancelled, type EngineClient } from '../engine/engineClient';

/** What was picked last, by model folder, until the window closes. */
const lastPicked = new Map<string, string>();

/** An OPUS-MT model is told the language by the text itself. */
const WRITTEN = /^\s*>>[\w-]+<</m;

/**
 * Tells the languages to translate each of several texts between: those of the settings; where a model
 * needs to be told the target and none is set, the one that the user picks of those that it has. The
 * user is asked once for all of the texts, and only if one of them needs it.
 * @param signal closes the question.
 * @param options with `again`, what was picked for the model before is taken without a question.
 * @returns what throws Cancelled when the user picks none.
 */
export function translationLanguages(
  engine: EngineClient,
  model: ModelChoice,
  asked: RequestedLanguages,
  signal: AbortSignal,
  { again }: { again: boolean } = { again: false },
): (text: string) => Promise<RequestedLanguages> {
  let told: Promise<RequestedLanguages> | undefined;
  return async (text) => {
    if (asked.target !== undefined || 'bundled' in model || WRITTEN.test(text)) {
      return asked;
    }
    told ??= withTarget(engine, model, asked, signal, again);
    return told;
  };
}

async function withTarget(
  engine: EngineClient,
  model: ModelChoice,
  asked: RequestedLanguages,
  signal: AbortSignal,
  again: boolean,
): Promise<RequestedLanguages> {
  const { languages, folder } = await engine.call('openModel', { model }, { signal });
  if (languages === undefined || languages.defaultTarget !== undefined) {
    return asked;
  }
  const last = languages.targets.find(({ code }) => code === lastPicked.get(folder))?.code;
  const target =
    again && last !== undefined ? last : await pickTarget(languages.targets, last, signal);
  if (target === undefined) {
    throw new Cancelled();
  }
  lastPicked.set(folder, target);
  return { ...asked, target };
}

/**
 * The languages that a model is told when it traces a text, as when it translates it: those of the
 * settings, or a target that is asked for. Nothing where it does not translate.
 * @param translating the model that translates, by the settings.
 * @throws Cancelled when the user picks none; Failure when the model cannot be opened.
 */
export async function tracedLanguages(
  engine: EngineClient,
  model: ModelChoice,
  translating: ModelChoice,
  text: string,
  asked: RequestedLanguages,
  signal: AbortSignal,
  options: { again: boolean },
): Promise<RequestedLanguages | undefined> {
  if ('bundled' in model) {
    return undefined;
  }
  const isTranslating = 'folder' in translating && model.folder === translating.folder;
  const { languages } = await engine.call('openModel', { model }, { signal });
  return isTranslating || languages?.always
    ? translationLanguages(engine, model, asked, signal, options)(text)
    : undefined;
}

/**
 * Asks which language to translate into.
 * @param last code of the one that comes first.
 * @returns the code of a language.
 */
async function pickTarget(
  targets: readonly ModelLanguage[],
  last: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const names = new Intl.DisplayNames([vscode.env.language], { type: 'language' });
  const items = targets
    .map(({ code, tag }) => ({
      label: tag === undefined ? code : (names.of(tag) ?? code),
      description: code,
    }))
    .sort(
      (a, b) =>
        Number(b.description === last) - Number(a.description === last) ||
        a.label.localeCompare(b.label, vscode.env.language),
    );
  const closing = new vscode.CancellationTokenSource();
  const close = (): void => closing.cancel();
  signal.addEventListener('abort', close);
  try {
    const options: vscode.QuickPickOptions = {
      title: vscode.l10n.t('Translate into which language?'),
      placeHolder: vscode.l10n.t('To be asked no more, set headlight.translate.target.'),
      matchOnDescription: true,
    };
    const item = await vscode.window.showQuickPick(items, options, closing.token);
    return item?.description;
  } finally {
    signal.removeEventListener('abort', close);
    closing.dispose();
  }
}
