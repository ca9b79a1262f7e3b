import type { ModelLanguage } from '../../shared/modelSummary';

/**
 * The BCP 47 tag of a code as models write them: `fr`, `fra`, `fra_Latn`, `fr_XX`, `zh_CN`, `pt_br`.
 * @returns undefined for what is no language, such as `ROMANCE`.
 */
export function languageTag(code: string): string | undefined {
  const plain = code.trim().replaceAll('_', '-').replace(/-XX$/i, '');
  const own = OWN_CODES[plain.toLowerCase()] ?? plain;
  if (!/^[a-z]{2,3}(-|$)/i.test(own)) {
    return undefined;
  }
  try {
    return Intl.getCanonicalLocales(own)[0];
  } catch {
    return undefined;
  }
}

/** Codes of M2M100 that ISO 639 does not have, and Norwegian, which is Bokmål where it is one. */
const OWN_CODES: Readonly<Record<string, string>> = { ns: 'nso', no: 'nb' };

/** Languages whose names for others are understood, beside each language's own. */
const NAMING = ['en', 'fr', 'zh-Hans'];

/**
 * Finds the language that a person means among those of a model: by the model's own code, by any other
 * code for it, or by its name in English, French, Chinese or the language itself. A script or region
 * that is named decides between several; one that is not is taken as usual (`zh` is simplified).
 */
export function findLanguage(
  languages: readonly ModelLanguage[],
  asked: string,
): ModelLanguage | undefined {
  const wanted = plainCode(asked);
  const exact = languages.find(({ code }) => plainCode(code) === wanted);
  const tag = languageTag(asked);
  return (
    exact ?? (tag === undefined ? undefined : closest(languages, tag)) ?? named(languages, asked)
  );
}

function plainCode(code: string): string {
  return code.trim().toLowerCase().replaceAll('_', '-');
}

function closest(languages: readonly ModelLanguage[], tag: string): ModelLanguage | undefined {
  const wanted = new Intl.Locale(tag);
  const script = wanted.maximize().script;
  let best: { language: ModelLanguage; rank: number } | undefined;
  for (const language of languages) {
    const found = language.tag === undefined ? undefined : new Intl.Locale(language.tag);
    if (found?.language !== wanted.language) {
      continue;
    }
    const rank =
      (found.maximize().script === script ? 4 : 0) +
      (found.region === wanted.region ? 2 : 0) +
      (found.script === wanted.script ? 1 : 0);
    if (best === undefined || rank > best.rank) {
      best = { language, rank };
    }
  }
  return best?.language;
}

function named(languages: readonly ModelLanguage[], asked: string): ModelLanguage | undefined {
  const wanted = asked.trim().toLowerCase();
  return languages.find(
    ({ tag }) =>
      tag !== undefined && languageNames(tag).some((name) => name.toLowerCase() === wanted),
  );
}

/** What a language is called: in English, French, Chinese and the language itself. */
export function languageNames(tag: string): string[] {
  return [...NAMING, tag].flatMap((naming) => nameOf(tag, naming) ?? []);
}

/** What a language is called in another one; with its script where that is not the usual one. */
function nameOf(tag: string, naming: string): string | undefined {
  const { language, script } = new Intl.Locale(tag).maximize();
  const isUsual = new Intl.Locale(language).maximize().script === script;
  const names = new Intl.DisplayNames([naming], { type: 'language', fallback: 'none' });
  return names.of(isUsual ? language : `${language}-${script ?? ''}`);
}
