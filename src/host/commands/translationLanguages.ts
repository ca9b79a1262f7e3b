import * as vscode from 'vscode';
import type { LanguagesAsked, ModelChoice, ModelLanguage } from '../../shared/engineApi';
import { Cancelled, type EngineClient } from '../engine/engineClient';

/** What was picked last, by model folder: it comes first when the question comes again. */
const lastPicked = new Map<string, string>();

/** An OPUS-MT model is told the language by the text itself. */
const WRITTEN = /^\s*>>[\w-]+<</m;

/**
 * The languages to translate a text between: those of the settings; where a model needs to be told
 * the target and none is set, the one that the user picks of those that it has.
 * @throws Cancelled when the user picks none.
 */
export async function translationLanguages(
  engine: EngineClient,
  model: ModelChoice,
  text: string,
  asked: LanguagesAsked,
): Promise<LanguagesAsked> {
  if (asked.target !== undefined || 'bundled' in model || WRITTEN.test(text)) {
    return asked;
  }
  const { languages, folder } = await engine.call('openModel', { model });
  if (languages === undefined || languages.usualTarget !== undefined) {
    return asked;
  }
  const target = await pickTarget(languages.targets, folder);
  if (target === undefined) {
    throw new Cancelled();
  }
  lastPicked.set(folder, target);
  return { ...asked, target };
}

/** @returns the code of a language. */
async function pickTarget(
  targets: readonly ModelLanguage[],
  folder: string,
): Promise<string | undefined> {
  const names = new Intl.DisplayNames([vscode.env.language], { type: 'language' });
  const items = targets
    .map(({ code, tag }) => ({
      label: tag === undefined ? code : (names.of(tag) ?? code),
      description: code,
    }))
    .sort((a, b) => a.label.localeCompare(b.label, vscode.env.language));
  const last = items.find(({ description }) => description === lastPicked.get(folder));
  const others = items.filter((item) => item !== last);
  const item = await vscode.window.showQuickPick(last === undefined ? items : [last, ...others], {
    title: vscode.l10n.t('Translate into which language?'),
    placeHolder: vscode.l10n.t('The setting headlight.translate.target names it for good.'),
    matchOnDescription: true,
  });
  return item?.description;
}
