import type { GenerationConfig } from '../../library/generationConfig';
import type { Translation } from '../../library/modelPurpose';
import type { RequestedLanguages, ModelLanguage } from '../../shared/modelSummary';
import { Failure, phrase } from '../../shared/failure';
import type { Token } from '../../shared/text';
import { generationSettingsOf } from '../generation/settings';
import type { EncoderDecoderModel, OpenModel } from '../openModel';
import { withTaskSettings } from '../taskSettings';
import { distinctLanguages, targetLanguages, languageOfCode } from './languageChoices';
import { findLanguage } from './languageCodes';
import type { LanguageToken, TokenScheme } from './languageScheme';
import { addedToken, languageOfTokenizer, withLanguage } from './languageTokens';
import { closestLanguages } from './closestLanguages';
import { withOpusTarget } from './opusTarget';

/** Where users say which languages they want. A host that has no settings names its own places. */
const PLACES = {
  source: 'headlight.translate.source',
  target: 'headlight.translate.target',
} as const satisfies Record<keyof RequestedLanguages, string>;

/** As many languages as a message has room for. */
const MOST_NAMED = 12;

/** Of more than these the nearest. */
const NEAREST = 5;

/** A model that was told its languages, and their codes as far as they are known. */
export interface PreparedModel {
  /** Reads every source and begins every result as the languages ask for. */
  model: EncoderDecoderModel;
  source?: string;
  target?: string;
}

/**
 * A model as it is traced: an encoder–decoder model reads and writes in its languages.
 * @throws Failure `input` when it does not have one that is asked for.
 */
export function withLanguages(model: OpenModel, asked: RequestedLanguages = {}): OpenModel {
  if (model.architecture === 'encoder-decoder') {
    return prepareTranslation(model, asked, 'nothing').model;
  }
  if (asked.source !== undefined || asked.target !== undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('The model has no languages to be told, as it does not translate'),
      where: model.summary.name,
      remedy: phrase('leave the languages out, or use a translation model'),
    });
  }
  return model;
}

/**
 * Tells a model which languages to translate between, in the way that it takes.
 * @param need whether a model that has several targets must be told one; else it is left to it.
 * @param place where the target is asked for.
 * @throws Failure `input` when it does not have a language, or would need one that is not named.
 */
export function prepareTranslation(
  model: EncoderDecoderModel,
  asked: RequestedLanguages,
  need: 'target' | 'nothing',
  place: string = PLACES.target,
): PreparedModel {
  const scheme = model.languages;
  switch (scheme.kind) {
    case 'tokens':
      return prepareTokens(model, scheme, asked, need);
    case 'opus': {
      const { languages } = scheme;
      const target = chosen(languages, asked.target, place) ?? only(languages);
      if (target === undefined && need === 'target') {
        throw noTarget(languages);
      }
      const named = /opus-mt-(?:tc-\w+-)?([a-z]{2,3})-/.exec(model.summary.name)?.[1];
      const tokenizer = withOpusTarget(model.tokenizer, languages, target);
      return prepared({ ...model, tokenizer }, '', languageOfCode(asked.source ?? named), target);
    }
    case 'prefixes':
      return preparePrefix(model, scheme.translations, asked, need);
    case 'fixed':
      return prepareFixed(model, asked);
  }
}

function prepareTokens(
  model: EncoderDecoderModel,
  scheme: TokenScheme,
  asked: RequestedLanguages,
  need: 'target' | 'nothing',
): PreparedModel {
  const { tokenizer, folder } = model;
  const { languages, defaultTarget, targetBeforeSource } = scheme;
  const { forcedBeginToken, endTokens } = folder.generation;
  const source =
    chosen(languages, asked.source, PLACES.source) ?? languageOfTokenizer(tokenizer, scheme);
  const target =
    chosen(languages, asked.target, PLACES.target) ??
    languages.find(({ id }) => id === forcedBeginToken) ??
    defaultTarget;
  if (target === undefined && need === 'target') {
    throw noTarget(languages);
  }
  const named = targetBeforeSource ? target : source;
  const end = tokenizer.specialTokens.end ?? endTokens[0];
  const reading = { ...model, tokenizer: withLanguage(tokenizer, scheme, named, end) };
  if (targetBeforeSource) {
    return prepared(writing(reading, undefined, end), '', undefined, target);
  }
  const writer = target === undefined ? reading : writing(reading, target, end);
  return prepared(writer, '', source, target);
}

/** A model whose results begin with the token of a language, or with none, and end with another. */
function writing(
  model: EncoderDecoderModel,
  language: LanguageToken | undefined,
  end: number | undefined,
): EncoderDecoderModel {
  const { tokenizer, folder, limits } = model;
  const added = (id: number | undefined): Token[] =>
    id === undefined ? [] : [addedToken(tokenizer, id)];
  const generation: GenerationConfig = {
    ...folder.generation,
    ...(language === undefined ? {} : { forcedBeginToken: language.id }),
  };
  return {
    ...model,
    folder: { ...folder, generation },
    ...generationSettingsOf(generation, tokenizer, limits.context),
    readTarget: (text) => [
      ...added(language?.id),
      ...tokenizer.encode(text, { addSpecialTokens: false }),
      ...added(end),
    ],
  };
}

function preparePrefix(
  model: EncoderDecoderModel,
  all: readonly Translation[],
  asked: RequestedLanguages,
  need: 'target' | 'nothing',
): PreparedModel {
  const sources = distinctLanguages(all.map(({ source }) => source));
  const source = sources.length === 0 ? undefined : chosen(sources, asked.source, PLACES.source);
  const from = source === undefined ? all : all.filter((one) => one.source === source.code);
  const targets = targetLanguages(from);
  const target = chosen(targets, asked.target, PLACES.target) ?? only(targets);
  if (target === undefined) {
    if (need === 'target') {
      throw noTarget(targets);
    }
    return { model };
  }
  const found = from.find((one) => one.target === target.code);
  const writer = found?.task === undefined ? model : withTaskSettings(model, found.task);
  return prepared(
    writer,
    found?.prefix ?? '',
    languageOfCode(found?.source ?? asked.source),
    target,
  );
}

/** A model that translates between two languages cannot be told any other one. */
function prepareFixed(model: EncoderDecoderModel, asked: RequestedLanguages): PreparedModel {
  const { languages, prefixes } = model.folder.purpose;
  const source = languageOfCode(languages?.source);
  const target = languageOfCode(languages?.target);
  if (asked.target !== undefined) {
    if (target === undefined) {
      throw new Failure({
        kind: 'input',
        what: phrase(
          'The model cannot be told to translate into “{0}”: it has one language, which its files do not name',
          asked.target,
        ),
        where: PLACES.target,
        remedy: phrase('leave it out'),
      });
    }
    if (findLanguage([target], asked.target) === undefined) {
      throw new Failure({
        kind: 'input',
        what: phrase(
          'The model translates into “{0}” only, not into “{1}”',
          target.code,
          asked.target,
        ),
        where: PLACES.target,
        remedy: phrase('leave the language out, or choose another model'),
      });
    }
  }
  if (
    asked.source !== undefined &&
    source !== undefined &&
    findLanguage([source], asked.source) === undefined
  ) {
    throw new Failure({
      kind: 'input',
      what: phrase(
        'The model translates from “{0}” only, not from “{1}”',
        source.code,
        asked.source,
      ),
      where: PLACES.source,
      remedy: phrase('leave the language out, or choose another model'),
    });
  }
  return prepared(model, prefixes.translate, source ?? languageOfCode(asked.source), target);
}

/**
 * The language that was asked for.
 * @throws Failure `input` when the model does not have it.
 */
function chosen<T extends ModelLanguage>(
  languages: readonly T[],
  asked: string | undefined,
  place: string,
): T | undefined {
  if (asked === undefined) {
    return undefined;
  }
  const found = findLanguage(languages, asked);
  if (found === undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('The model does not have the language “{0}”', asked),
      where: place,
      remedy:
        languages.length <= MOST_NAMED
          ? phrase('choose one that it has: {0}', codesOf(languages))
          : phrase(
              'choose one of the {0} that it has, such as {1}',
              languages.length,
              codesOf(closestLanguages(languages, asked, NEAREST)),
            ),
    });
  }
  return found as T;
}

function noTarget(languages: readonly ModelLanguage[]): Failure {
  return new Failure({
    kind: 'input',
    what: phrase('The model translates into several languages, and none is named'),
    where: PLACES.target,
    remedy: phrase('choose one that it has: {0}', codesOf(languages)),
  });
}

function codesOf(languages: readonly ModelLanguage[]): string {
  return languages.map(({ code }) => code).join(', ');
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

/** The result for the tasks: what the folder says of its purpose is now what was asked for. */
function prepared(
  model: EncoderDecoderModel,
  prefix: string,
  source: ModelLanguage | undefined,
  target: ModelLanguage | undefined,
): PreparedModel {
  const { languages: _, ...purpose } = model.folder.purpose;
  const prefixes = { ...purpose.prefixes, translate: prefix };
  const tags =
    source?.tag === undefined || target?.tag === undefined
      ? {}
      : { languages: { source: source.tag, target: target.tag } };
  return {
    model: { ...model, folder: { ...model.folder, purpose: { ...purpose, prefixes, ...tags } } },
    ...(source === undefined ? {} : { source: source.code }),
    ...(target === undefined ? {} : { target: target.code }),
  };
}
