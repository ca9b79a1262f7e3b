import type { EncoderDecoderFolder } from '../../library/modelFolder';
import type { Translation } from '../../library/modelPurpose';
import type { ModelLanguage } from '../../shared/modelSummary';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { languageTag } from './languageCodes';

/** How a model is told which languages it translates between. */
export type LanguageScheme =
  | TokenScheme
  /** OPUS-MT: a token `>>fra<<` before the source names the target. */
  | { kind: 'opus'; languages: LanguageToken[] }
  /** T5: words before the source name the languages. */
  | { kind: 'prefixes'; translations: Translation[] }
  /** It cannot be told. */
  | { kind: 'fixed' };

/** M2M100, NLLB, mBART and their kin: the source has a token of its language, the result begins with one. */
export interface TokenScheme {
  kind: 'tokens';
  languages: LanguageToken[];
  /** Where the token of the source's language stands; absent: where the tokenizer puts it. */
  place?: 'before' | 'after';
  /** The language of a source where nothing else is said. */
  defaultSource?: LanguageToken;
  /** What the folder names as the language to translate into. */
  defaultTarget?: LanguageToken;
  /** SMaLL-100 has the token of the target before the source, and none of the source. */
  targetBeforeSource: boolean;
}

/** A language, and the token that stands for it. */
export interface LanguageToken extends ModelLanguage {
  id: number;
}

/** How families write the tokens of languages; the group is the code. */
const TOKENS = {
  m2m100: /^__([a-z]{2,3})__$/,
  nllb: /^([a-z]{3}_[A-Z][a-z]{3})$/,
  mbart: /^([a-z]{2}_[A-Z]{2})$/,
  opus: /^>>([\w-]+)<<$/,
  madlad: /^<2([A-Za-z]{2,3}(?:_[A-Za-z]+)?)>$/,
} as const;

/** What the classes of `transformers` do (`set_src_lang_special_tokens`), by name, less `Fast`. */
const CLASSES: Readonly<Record<string, { place: 'before' | 'after'; source: string }>> = {
  M2M100Tokenizer: { place: 'before', source: 'en' },
  NllbTokenizer: { place: 'before', source: 'eng_Latn' },
  MBart50Tokenizer: { place: 'before', source: 'en_XX' },
  MBartTokenizer: { place: 'after', source: 'en_XX' },
};

/** Finds out from a model's family, tokenizer and settings how it is told languages. */
export function findLanguageScheme(
  { config, purpose, tokenizer: files, name, folder }: EncoderDecoderFolder,
  tokenizer: Tokenizer,
): LanguageScheme {
  const find = (pattern: RegExp): LanguageToken[] => languageTokens(tokenizer, pattern);
  switch (config.family) {
    case 'm2m_100': {
      const nllb = find(TOKENS.nllb);
      const languages = nllb.length > 1 ? nllb : find(TOKENS.m2m100);
      const isSmall100 =
        files.config?.['tokenizer_class'] === 'SMALL100Tokenizer' ||
        /small-?100/i.test(`${name} ${folder}`);
      return tokenScheme(languages, files.config ?? {}, isSmall100);
    }
    case 'mbart':
      return tokenScheme(find(TOKENS.mbart), files.config ?? {}, false);
    case 'marian': {
      const languages = find(TOKENS.opus);
      return languages.length === 0 ? { kind: 'fixed' } : { kind: 'opus', languages };
    }
    case 't5':
    case 'mt5':
    case 'umt5': {
      const madlad = (purpose.translations ?? []).length === 0 ? find(TOKENS.madlad) : [];
      const translations =
        madlad.length > 1
          ? madlad.map(({ code }) => ({ target: code, prefix: `<2${code}> ` }))
          : (purpose.translations ?? []);
      return translations.length === 0 ? { kind: 'fixed' } : { kind: 'prefixes', translations };
    }
    default:
      return { kind: 'fixed' };
  }
}

function tokenScheme(
  languages: LanguageToken[],
  config: Readonly<Record<string, unknown>>,
  targetBeforeSource: boolean,
): LanguageScheme {
  if (languages.length < 2) {
    return { kind: 'fixed' };
  }
  const given = (key: string): string | undefined => {
    const value = config[key];
    return typeof value === 'string' ? value : undefined;
  };
  const name = given('tokenizer_class')?.replace(/Fast$/, '') ?? '';
  const known = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  const isLegacy = name === 'NllbTokenizer' && config['legacy_behaviour'] === true;
  const language = (code: string | undefined): LanguageToken | undefined =>
    languages.find((one) => one.code === code);
  const defaultSource = language(given('src_lang')) ?? language(known?.source);
  const defaultTarget = language(given('tgt_lang'));
  return {
    kind: 'tokens',
    languages,
    ...(known === undefined ? {} : { place: isLegacy ? 'after' : known.place }),
    ...(defaultSource === undefined ? {} : { defaultSource }),
    ...(defaultTarget === undefined ? {} : { defaultTarget }),
    targetBeforeSource,
  };
}

/** The entries of a vocabulary that stand for languages. */
function languageTokens(tokenizer: Tokenizer, pattern: RegExp): LanguageToken[] {
  const found: LanguageToken[] = [];
  for (let id = 0; id < tokenizer.vocabularySize; id++) {
    const code = pattern.exec(tokenizer.pieceText(id))?.[1];
    if (code !== undefined) {
      const tag = languageTag(code);
      found.push({ code, id, ...(tag === undefined ? {} : { tag }) });
    }
  }
  return found;
}
