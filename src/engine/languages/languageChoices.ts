import type { GenerationConfig } from '../../library/generationConfig';
import type { Translation } from '../../library/modelPurpose';
import type { ModelLanguage, ModelSummary } from '../../shared/modelSummary';
import { languageTag } from './languageCodes';
import type { LanguageScheme } from './languageScheme';

/** The languages that a model can be told, for people to choose from; nothing where it cannot be. */
export function languageChoices(
  scheme: LanguageScheme,
  { forcedBeginToken }: GenerationConfig,
): ModelSummary['languages'] {
  switch (scheme.kind) {
    case 'tokens': {
      const all = scheme.languages.map(withoutId);
      const forced = scheme.languages.find(({ id }) => id === forcedBeginToken);
      const usual = forced ?? scheme.defaultTarget;
      return {
        sources: scheme.targetBeforeSource ? [] : all,
        targets: all,
        ...(usual === undefined ? {} : { defaultTarget: usual.code }),
        always: true,
      };
    }
    case 'opus':
      return withOnly([], scheme.languages.map(withoutId), true);
    case 'prefixes':
      return withOnly(
        distinctLanguages(scheme.translations.map(({ source }) => source)),
        targetLanguages(scheme.translations),
        scheme.translations.every(({ task }) => task === undefined),
      );
    case 'fixed':
      return undefined;
  }
}

function withOnly(
  sources: ModelLanguage[],
  targets: ModelLanguage[],
  always: boolean,
): ModelSummary['languages'] {
  const [first, ...others] = targets;
  const isOnly = first !== undefined && others.length === 0;
  return { sources, targets, ...(isOnly ? { defaultTarget: first.code } : {}), always };
}

/** A language that is known by a code alone. */
export function languageOfCode(code: string | undefined): ModelLanguage | undefined {
  const tag = code === undefined ? undefined : languageTag(code);
  return code === undefined ? undefined : { code, ...(tag === undefined ? {} : { tag }) };
}

/** Each language once, in order. */
export function distinctLanguages(codes: readonly (string | undefined)[]): ModelLanguage[] {
  return [...new Set(codes)].flatMap((code) => languageOfCode(code) ?? []);
}

export function targetLanguages(translations: readonly Translation[]): ModelLanguage[] {
  return distinctLanguages(translations.map(({ target }) => target));
}

function withoutId({ code, tag }: ModelLanguage): ModelLanguage {
  return { code, ...(tag === undefined ? {} : { tag }) };
}
