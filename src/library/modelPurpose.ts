import * as v from 'valibot';
import type { Task } from '../shared/modelSummary';
import type { JsonObject } from '../shared/jsonObject';
import { checkedJson } from './checkedJson';

/** What a model was trained for, as far as its folder says. */
export interface ModelPurpose {
  task?: Task;
  /** Languages of a translation. */
  languages?: Languages;
  /** What T5 and its kin want in front of a text to know what to do with it; mostly empty. */
  prefixes: { translate: string; summarize: string };
  /** The translations that T5 and its kin were trained for; absent where there are none. */
  translations?: Translation[];
  domain?: Domain;
  /** False where the model's own measurements say that its results are mostly wrong. */
  reliable?: boolean;
}

/** A translation that a prefix asks for. */
export interface Translation {
  /** Codes as the model's authors write them. */
  source?: string;
  target: string;
  prefix: string;
  /** Its name in `task_specific_params`. */
  task?: string;
}

/** BCP 47 language tags, e.g. `en` and `zh`. */
export interface Languages {
  source: string;
  target: string;
}

/** The kind of text that a model was trained on, and what shows that a text is of another kind. */
export interface Domain {
  /** For people. */
  name: string;
  /** Whether code was among it; absent where that is not known. */
  code?: boolean;
  /**
   * Mean natural logarithm of the tokens' probabilities: of what a model writes, and of the text
   * that a decoder-only model reads. Below it the text is unfamiliar.
   */
  minimumLogprob?: number;
  /** Characters of the source by its tokens. Below it the words are unfamiliar. */
  minimumCharactersPerToken?: number;
  /** Product of the probabilities of the tokens of a written word. Below it the model was unsure. */
  minimumWordProbability?: number;
  /** The same of the first word, where a model is less sure by nature; as of any word if absent. */
  minimumFirstWordProbability?: number;
  /** By what a wrong result shows. */
  wrong?: WrongSigns;
  /** True of a summarizer whose sound summaries are sentences of the text, word for word. */
  copies?: boolean;
}

/** Signs of a wrong result that a model's own manifest may give a weight to. */
export const SIGNS = ['logprob', 'unmatchedWords', 'negation', 'saidAgain'] as const;
export type Sign = (typeof SIGNS)[number];

/** Coefficients of a logistic regression: how likely a result is wrong, by the signs of it. */
export interface WrongSigns {
  intercept: number;
  /** By sign. One that is absent does not count. */
  weights: Partial<Record<Sign, number>>;
  /** Probability above which a result gets a warning. */
  limit: number;
}

/** Name of the file of a model folder that Headlight alone knows. */
export const MANIFEST_FILE = 'headlight.json';

const language = v.pipe(
  v.string(),
  v.regex(/^[a-z]{2,3}(-|$)/, 'Not a language tag'),
  v.check(isLocale, 'Not a language tag'),
);

const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const manifest = v.object({
  task: v.exactOptional(v.picklist(['complete', 'translate', 'summarize', 'fillMask'])),
  languages: v.exactOptional(v.object({ source: language, target: language })),
  prefix: v.exactOptional(v.string()),
  reliable: v.exactOptional(v.boolean()),
  domain: v.exactOptional(
    v.object({
      name: v.string(),
      code: v.exactOptional(v.boolean()),
      minimumLogprob: v.exactOptional(v.pipe(v.number(), v.maxValue(0))),
      minimumCharactersPerToken: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
      minimumWordProbability: v.exactOptional(probability),
      minimumFirstWordProbability: v.exactOptional(probability),
      wrong: v.exactOptional(
        v.object({
          intercept: v.number(),
          weights: v.object(v.entriesFromList(SIGNS, v.exactOptional(v.number()))),
          limit: probability,
        }),
      ),
      copies: v.exactOptional(v.boolean()),
    }),
  ),
});

/** `task_specific_params` of config.json, e.g. `translation_en_to_de` and `summarization`. */
const taskParameters = v.record(v.string(), v.object({ prefix: v.optional(v.string(), '') }));

/**
 * Reads what a folder says of its model's purpose: our own headlight.json where there is one, else
 * the tasks that T5's config.json lists, of whose translations the first is taken, and the languages
 * in the names of Marian models (`opus-mt-en-zh`).
 * @param json  parsed headlight.json
 * @param where  its path, for failures
 * @throws Failure of kind `model` that names the entry of headlight.json at fault
 */
export function readModelPurpose(
  json: JsonObject | undefined,
  config: JsonObject,
  name: string,
  where: string,
): ModelPurpose {
  if (json !== undefined) {
    const { prefix = '', ...rest } = checkedJson(manifest, json, where);
    return { ...rest, prefixes: { translate: prefix, summarize: prefix } };
  }
  const parsed = v.safeParse(taskParameters, config['task_specific_params'] ?? {});
  const tasks = parsed.success ? parsed.output : {};
  const translations = translationsOf(tasks);
  const [translation] = translations;
  const languages =
    pair(TRANSLATION.exec(translation?.task ?? '')) ??
    pair(/^(?:.*\/)?opus-mt-(?:.*-)?([a-z]{2,3})-([a-z]{2,3})$/.exec(name));
  return {
    prefixes: {
      translate: translation?.prefix ?? '',
      summarize: tasks['summarization']?.prefix ?? '',
    },
    ...(translations.length === 0 ? {} : { translations }),
    ...(languages === undefined ? {} : { languages }),
  };
}

const TRANSLATION = /^translation_([a-z]{2,3})_to_([a-z]{2,3})$/;

function translationsOf(tasks: v.InferOutput<typeof taskParameters>): Translation[] {
  return Object.entries(tasks).flatMap(([task, { prefix }]) => {
    const languages = pair(TRANSLATION.exec(task));
    return languages === undefined ? [] : [{ ...languages, prefix, task }];
  });
}

/** Whether JavaScript's own functions for languages take a tag. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function pair(match: RegExpExecArray | null): Languages | undefined {
  const [, source, target] = match ?? [];
  return source !== undefined && target !== undefined ? { source, target } : undefined;
}
