import * as v from 'valibot';
import { isJsonObject, withoutNull, type JsonObject } from '../shared/jsonObject';
import {
  GENERATION_SETTINGS,
  type GenerationSetting,
  type Occasion,
  type Treatment,
} from './generationSettings';
import { abbreviate } from './modelConfig';

/** How the model's authors want it to generate; absent fields were not given. */
export interface GenerationConfig {
  /** Tokens that end a text; may be empty. */
  endTokens: number[];
  beginToken?: number;
  padToken?: number;
  /** `do_sample`: draw tokens at random; false takes the most likely one. */
  sample: boolean;
  /** 0 or more. */
  temperature?: number;
  /** 0 means all. */
  topK?: number;
  /** 0 ≤ p ≤ 1. */
  topP?: number;
  /** Least probability of a token, as a part of that of the most likely one; 0 ≤ p ≤ 1. */
  minP?: number;
  /** Part of the entropy that the tokens to draw from keep; 0 < h ≤ 1. */
  topH?: number;
  /** Probability that the most typical tokens reach together; 0 < p < 1. */
  typicalP?: number;
  /** Least probability of a token; 0 < ε < 1. */
  epsilonCutoff?: number;
  /** As above, lower where the entropy is high. */
  etaCutoff?: number;
  /** Above 0; 1 changes nothing. */
  repetitionPenalty?: number;
  /** Above 0; above 1 favours tokens of the source, or of the prompt where there is no encoder. */
  encoderRepetitionPenalty?: number;
  /** Beams of beam search, 1 to {@link MOST_BEAMS}. */
  beams?: number;
  /** Of beam search: the score of a text is divided by its length to this power. */
  lengthPenalty?: number;
  /** Of beam search: whether to end once there are as many texts as beams. */
  earlyStopping?: boolean | 'never';
  /** Of beam search: scores are made log-probabilities again after the rules. */
  renormalize?: boolean;
  /** What the decoder has read and written together, in tokens; end tokens do not come earlier. */
  minLength?: number;
  maxLength?: number;
  /** What the decoder has written. */
  minNewTokens?: number;
  maxNewTokens?: number;
  /** No sequence of so many tokens may come twice; absent where all may. */
  noRepeatNgramSize?: number;
  /** No sequence of so many tokens of the source, or of the prompt, may come. */
  encoderNoRepeatNgramSize?: number;
  /** The token that an encoder–decoder model's output begins with, and which is not part of it. */
  decoderStartToken?: number;
  /** The first token of every output. */
  forcedBeginToken?: number;
  /** One of them is the last token of an output that reaches its limit. */
  forcedEndTokens?: number[];
  /** Tokens that never come. */
  suppressedTokens: number[];
  /** Tokens that never come first. */
  suppressedAtBegin: number[];
  /** Sequences of tokens that never come. */
  badWords: number[][];
  /** What is added to the score of a token that completes a sequence. */
  sequenceBiases?: SequenceBias[];
  /** From so many new tokens on, the end becomes more likely by this factor with every one. */
  lengthDecay?: { start: number; factor: number };
  /** Scores that are no numbers count as 0, infinite ones as very large. */
  removeInvalid?: boolean;
  /** A text ends with the token that completes one of them. */
  stopStrings?: string[];
  /** What the model's authors ask for in vain. */
  unmet?: UnmetSetting[];
}

export interface SequenceBias {
  /** At least one token. */
  sequence: number[];
  bias: number;
}

/** A setting that is left out. */
export interface UnmetSetting {
  name: GenerationSetting;
  /** As JSON, shortened. */
  value: string;
  /** Headlight knows no such thing, or the value makes no sense. */
  because: 'unsupported' | 'invalid';
  occasion: Occasion;
}

/** Each beam takes a key–value cache of its own. Models recommend 4 to 12. */
export const MOST_BEAMS = 256;

/** Sequences of tokens in one setting; published models list a few thousand. */
const MOST_SEQUENCES = 100_000;

const tokenId = v.pipe(v.number(), v.integer(), v.maxValue(0xff_ffff));
/** A negative id, usually −1, stands for none. */
const token = v.pipe(
  tokenId,
  v.transform((id) => (id < 0 ? undefined : id)),
);
const tokenList = v.pipe(
  v.array(tokenId),
  v.transform((ids) => [...new Set(ids)].filter((id) => id >= 0)),
);
const tokens = v.union([
  v.pipe(
    tokenId,
    v.transform((id) => (id < 0 ? [] : [id])),
  ),
  tokenList,
]);
const sequence = v.pipe(v.array(v.pipe(tokenId, v.minValue(0))), v.minLength(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const number = v.pipe(v.number(), v.finite());
const positive = v.pipe(number, v.gtValue(0));
const share = v.pipe(number, v.minValue(0), v.maxValue(1));
/** Outside of it `generate` does without. */
const cutoff = v.pipe(
  number,
  v.transform((value) => (value > 0 && value < 1 ? value : undefined)),
);

/** What the values of the settings are that Headlight honours. */
const SCHEMAS = {
  max_length: count,
  max_new_tokens: v.pipe(count, v.minValue(1)),
  min_length: count,
  min_new_tokens: count,
  early_stopping: v.union([v.boolean(), v.literal('never')]),
  stop_strings: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((strings) => [strings].flat().filter((string) => string !== '')),
  ),
  do_sample: v.boolean(),
  num_beams: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_BEAMS)),
  temperature: v.pipe(number, v.minValue(0)),
  // Many write −1 for all.
  top_k: v.pipe(
    v.number(),
    v.safeInteger(),
    v.minValue(-1),
    v.transform((k) => Math.max(0, k)),
  ),
  top_p: v.pipe(
    number,
    v.minValue(0),
    v.transform((p) => Math.min(1, p)),
  ),
  min_p: share,
  top_h: v.pipe(positive, v.maxValue(1)),
  typical_p: v.pipe(
    positive,
    v.transform((p) => (p < 1 ? p : undefined)),
  ),
  epsilon_cutoff: cutoff,
  eta_cutoff: cutoff,
  repetition_penalty: positive,
  encoder_repetition_penalty: positive,
  length_penalty: number,
  no_repeat_ngram_size: count,
  bad_words_ids: v.array(sequence),
  renormalize_logits: v.boolean(),
  forced_bos_token_id: token,
  forced_eos_token_id: tokens,
  remove_invalid_values: v.boolean(),
  exponential_decay_length_penalty: v.pipe(
    v.tuple([v.pipe(number, v.integer()), positive]),
    v.transform(([start, factor]) => ({ start, factor })),
  ),
  suppress_tokens: tokenList,
  begin_suppress_tokens: tokenList,
  sequence_bias: v.array(
    v.pipe(
      v.tuple([sequence, number]),
      v.transform(([sequence, bias]) => ({ sequence, bias })),
    ),
  ),
  bos_token_id: token,
  eos_token_id: tokens,
  pad_token_id: token,
  encoder_no_repeat_ngram_size: count,
  decoder_start_token_id: token,
} satisfies Partial<Record<GenerationSetting, v.GenericSchema>>;

type Honoured = keyof typeof SCHEMAS;
type Values = { [K in Honoured]?: v.InferOutput<(typeof SCHEMAS)[K]> };

/** What config.json says of tokens where generation_config.json leaves it out. */
const TOKEN_KEYS = ['eos_token_id', 'bos_token_id', 'pad_token_id', 'decoder_start_token_id'];

/**
 * Reads the settings of `generate`: those of a parsed generation_config.json; of a model without one
 * those of config.json, as models had them before there was another file. A value that makes no
 * sense, or asks for what Headlight does not do, is left out and named in `unmet`.
 * @param config  parsed config.json
 * @param task  settings of one task, which go before the model's (`task_specific_params`)
 */
export function readGenerationConfig(
  generation: JsonObject | undefined,
  config: JsonObject,
  task: JsonObject = {},
): GenerationConfig {
  const settings = settingsOf(generation, config, task);
  const schemas: Partial<Record<string, v.GenericSchema>> = SCHEMAS;
  const unmet: UnmetSetting[] = [];
  const own: Record<string, unknown> = {};
  for (const [name, treatment] of Object.entries<Treatment>(GENERATION_SETTINGS)) {
    const value = settings[name];
    if (value === null || value === undefined) {
      continue;
    }
    const setting = name as GenerationSetting;
    if (treatment.does === 'leftOut' && treatment.asks(value)) {
      unmet.push(unmetSetting(setting, value, 'unsupported', treatment.occasion));
    }
    const schema = schemas[name];
    if (schema !== undefined) {
      const result = isTooLong(value) ? undefined : v.safeParse(schema, value);
      if (result?.success === true) {
        own[name] = result.output;
      } else if (treatment.does === 'honoured') {
        unmet.push(unmetSetting(setting, value, 'invalid', treatment.occasion));
      }
    }
  }
  return withOurNames(own, unmet);
}

/** Tasks of one model; T5 has four. */
const MOST_TASKS = 100;

/** Reads the settings as they are for each task in `task_specific_params` of config.json. */
export function readTaskGeneration(
  generation: JsonObject | undefined,
  config: JsonObject,
): Map<string, GenerationConfig> {
  const tasks = config['task_specific_params'];
  const named = isJsonObject(tasks) ? Object.entries(tasks).slice(0, MOST_TASKS) : [];
  return new Map(
    named.flatMap(([name, task]) =>
      isJsonObject(task) ? [[name, readGenerationConfig(generation, config, task)] as const] : [],
    ),
  );
}

/**
 * The settings of `generate` of all files as one JSON object, unchecked; the ones that go before others
 * win.
 */
export function settingsOf(
  generation: JsonObject | undefined,
  config: JsonObject,
  task: JsonObject = {},
): JsonObject {
  if (generation !== undefined) {
    const tokens: JsonObject = Object.fromEntries(TOKEN_KEYS.map((key) => [key, config[key]]));
    return { ...tokens, ...withoutNull(generation), ...withoutNull(task) };
  }
  // Of a model made of two, the part that writes may have them.
  const part = [config['decoder'], config['generator'], config['text_config']].find(isJsonObject);
  const old = config['force_bos_token_to_be_generated'] === true;
  return {
    ...withoutNull(part ?? {}),
    ...(old ? { forced_bos_token_id: config['bos_token_id'] } : {}),
    ...withoutNull(config),
    ...withoutNull(task),
  };
}

function isTooLong(value: unknown): boolean {
  return Array.isArray(value) && value.length > MOST_SEQUENCES;
}

function unmetSetting(
  name: GenerationSetting,
  value: unknown,
  because: UnmetSetting['because'],
  occasion: Occasion = 'always',
): UnmetSetting {
  const told = isTooLong(value) ? '[…]' : abbreviate(value);
  return { name, value: told, because, occasion };
}

function withOurNames(own: Values, unmet: UnmetSetting[]): GenerationConfig {
  return {
    endTokens: own.eos_token_id ?? [],
    sample: own.do_sample ?? false,
    suppressedTokens: own.suppress_tokens ?? [],
    suppressedAtBegin: own.begin_suppress_tokens ?? [],
    badWords: own.bad_words_ids ?? [],
    ...present({
      beginToken: own.bos_token_id,
      padToken: own.pad_token_id,
      temperature: own.temperature,
      topK: own.top_k,
      topP: own.top_p,
      minP: own.min_p,
      topH: own.top_h,
      typicalP: own.typical_p,
      epsilonCutoff: own.epsilon_cutoff,
      etaCutoff: own.eta_cutoff,
      repetitionPenalty: own.repetition_penalty,
      encoderRepetitionPenalty: own.encoder_repetition_penalty,
      beams: own.num_beams,
      lengthPenalty: own.length_penalty,
      earlyStopping: own.early_stopping,
      renormalize: own.renormalize_logits,
      minLength: own.min_length,
      maxLength: own.max_length,
      minNewTokens: own.min_new_tokens,
      maxNewTokens: own.max_new_tokens,
      noRepeatNgramSize: own.no_repeat_ngram_size,
      encoderNoRepeatNgramSize: own.encoder_no_repeat_ngram_size,
      decoderStartToken: own.decoder_start_token_id,
      forcedBeginToken: own.forced_bos_token_id,
      forcedEndTokens: nonEmpty(own.forced_eos_token_id),
      sequenceBiases: nonEmpty(own.sequence_bias),
      lengthDecay: own.exponential_decay_length_penalty,
      removeInvalid: own.remove_invalid_values,
      stopStrings: nonEmpty(own.stop_strings),
      unmet: nonEmpty(unmet),
    }),
  };
}

function nonEmpty<T>(list: readonly T[] | undefined): T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : [...list];
}

/** Leaves out what is undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
