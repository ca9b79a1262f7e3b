import * as v from 'valibot';
import { Failure, phrase } from '../shared/failure';
import { abbreviate } from './modelConfig';
import type { JsonObject } from './modelConfig';

/** How the model's authors want it to generate; absent fields were not given. */
export interface GenerationConfig {
  /** Tokens that end a text, of generation_config.json, else of config.json; may be empty. */
  endTokens: number[];
  beginToken?: number;
  padToken?: number;
  /** `do_sample`: draw tokens at random; false takes the most likely one. */
  sample: boolean;
  /** 0 or more. */
  temperature?: number;
  /** 0 means all. */
  topK?: number;
  /** 0 < p ≤ 1. */
  topP?: number;
  /** Above 0; 1 changes nothing. */
  repetitionPenalty?: number;
  /** Beams of beam search, 1 to {@link MOST_BEAMS}. */
  beams?: number;
  /** Of beam search: the score of a text is divided by its length to this power. */
  lengthPenalty?: number;
  /** Of beam search: whether to end once there are as many texts as beams. */
  earlyStopping?: boolean | 'never';
  /** What the decoder has read and written together, in tokens; end tokens do not come earlier. */
  minLength?: number;
  maxLength?: number;
  maxNewTokens?: number;
  /** No sequence of so many tokens may come twice; absent where all may. */
  noRepeatNgramSize?: number;
  /** The token that an encoder–decoder model's output begins with, and which is not part of it. */
  decoderStartToken?: number;
  /** The first token of every output. */
  forcedBeginToken?: number;
  /** The last token of an output that reaches its limit. */
  forcedEndToken?: number;
  /** Tokens that never come. */
  suppressedTokens: number[];
  /** Tokens that never come first. */
  suppressedAtBegin: number[];
  /** Sequences of tokens that never come. */
  badWords: number[][];
}

/** Each beam takes a key–value cache of its own. Models recommend 4 to 12. */
export const MOST_BEAMS = 64;

const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xff_ffff));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

const schema = v.object({
  eos_token_id: v.nullish(v.union([tokenId, v.array(tokenId)])),
  bos_token_id: v.nullish(tokenId),
  pad_token_id: v.nullish(tokenId),
  do_sample: v.nullish(v.boolean()),
  temperature: v.nullish(v.pipe(v.number(), v.finite(), v.minValue(0))),
  top_k: v.nullish(count),
  top_p: v.nullish(v.pipe(positive, v.maxValue(1))),
  repetition_penalty: v.nullish(positive),
  num_beams: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_BEAMS))),
  length_penalty: v.nullish(v.pipe(v.number(), v.finite())),
  early_stopping: v.nullish(v.union([v.boolean(), v.literal('never')])),
  min_length: v.nullish(count),
  max_length: v.nullish(count),
  max_new_tokens: v.nullish(count),
  no_repeat_ngram_size: v.nullish(count),
  decoder_start_token_id: v.nullish(tokenId),
  forced_bos_token_id: v.nullish(tokenId),
  forced_eos_token_id: v.nullish(v.union([tokenId, v.array(tokenId)])),
  suppress_tokens: v.nullish(v.array(tokenId)),
  begin_suppress_tokens: v.nullish(v.array(tokenId)),
  bad_words_ids: v.nullish(v.array(v.pipe(v.array(tokenId), v.minLength(1)))),
});

/** Settings that config.json gives for models without a generation_config.json. */
const configKeys = [
  'eos_token_id',
  'bos_token_id',
  'pad_token_id',
  'decoder_start_token_id',
  'forced_bos_token_id',
  'forced_eos_token_id',
  'bad_words_ids',
] as const;

/**
 * Reads a parsed generation_config.json, which a model need not have.
 * @param config  parsed config.json, for what the other file leaves out
 * @param where  the two files, for failures
 * @throws Failure of kind `model` that names the entry at fault
 */
export function readGenerationConfig(
  generation: JsonObject | undefined,
  config: JsonObject,
  where: { generation: string; config: string },
): GenerationConfig {
  const own = check(generation ?? {}, where.generation);
  const fallback = check(
    Object.fromEntries(configKeys.map((key) => [key, config[key]])),
    where.config,
  );
  const earlyStopping = own.early_stopping ?? undefined;
  return {
    endTokens: [...new Set([own.eos_token_id ?? fallback.eos_token_id ?? []].flat())],
    sample: own.do_sample ?? false,
    suppressedTokens: own.suppress_tokens ?? [],
    suppressedAtBegin: own.begin_suppress_tokens ?? [],
    badWords: own.bad_words_ids ?? fallback.bad_words_ids ?? [],
    ...(earlyStopping === undefined ? {} : { earlyStopping }),
    ...present({
      beginToken: own.bos_token_id ?? fallback.bos_token_id,
      padToken: own.pad_token_id ?? fallback.pad_token_id,
      temperature: own.temperature,
      topK: own.top_k,
      topP: own.top_p,
      repetitionPenalty: own.repetition_penalty,
      beams: own.num_beams,
      lengthPenalty: own.length_penalty,
      minLength: own.min_length,
      maxLength: own.max_length,
      maxNewTokens: own.max_new_tokens,
      noRepeatNgramSize: own.no_repeat_ngram_size,
      decoderStartToken: own.decoder_start_token_id ?? fallback.decoder_start_token_id,
      forcedBeginToken: own.forced_bos_token_id ?? fallback.forced_bos_token_id,
      forcedEndToken: [own.forced_eos_token_id ?? fallback.forced_eos_token_id].flat()[0],
    }),
  };
}

function check(value: JsonObject, where: string): v.InferOutput<typeof schema> {
  const result = v.safeParse(schema, value);
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  const key = String(issue.path?.[0].key);
  throw new Failure({
    kind: 'model',
    what: phrase('“{0}” has an invalid value: {1}', key, abbreviate(value[key])),
    where,
    todo: phrase('correct it, or download the file again from the model’s publisher'),
  });
}

/** Leaves out what is null or undefined. */
function present<T extends Record<string, number | null | undefined>>(
  values: T,
): { [K in keyof T]?: number } {
  const result: { [K in keyof T]?: number } = {};
  for (const key of Object.keys(values) as (keyof T)[]) {
    const value = values[key];
    if (typeof value === 'number') {
      result[key] = value;
    }
  }
  return result;
}
