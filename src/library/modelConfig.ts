import * as v from 'valibot';
import type { Component } from '../shared/attention';
import { Failure, phrase } from '../shared/failure';
import { isJsonObject, withoutNull, type JsonObject } from '../shared/jsonObject';
import type { Architecture } from './architecture';

/** What Headlight needs of config.json, under one set of names for all families. */
export interface ModelConfig {
  /** `model_type`, e.g. `llama` or `gpt2`. */
  family: string;
  /** Layers of each stack that the model has. */
  layers: Partial<Record<Component, number>>;
  /** Attention heads of a layer; of the decoder where there are two stacks. */
  heads: number;
  /** Heads with keys and values of their own; equals `heads` without grouped-query attention. */
  keyValueHeads: number;
  hiddenSize: number;
  /** Width of one head's query and key. */
  headSize: number;
  vocabulary: number;
  /** Tokens that a decoder rates, where these are others than those that its encoder reads. */
  outputVocabulary?: number;
  /** Tokens that a stack can see at once. */
  context: number;
}

/** A number of config.json: the names that families give it, first one wins, and its bounds. */
interface Entry {
  keys: readonly [string, ...string[]];
  maximum: number;
}

/**
 * The bounds lie far above every published model (126 layers, 128 heads, width 53,248, vocabulary
 * 262,144, context 10 M) and keep a damaged file from asking for absurd amounts of memory.
 */
const ENTRIES = {
  layers: {
    keys: ['num_hidden_layers', 'n_layer', 'num_layers', 'n_layers'],
    maximum: 10_000,
  },
  encoderLayers: {
    keys: ['encoder_layers', 'num_encoder_layers', 'num_layers', 'num_hidden_layers'],
    maximum: 10_000,
  },
  decoderLayers: {
    keys: ['decoder_layers', 'num_decoder_layers', 'num_layers', 'num_hidden_layers'],
    maximum: 10_000,
  },
  heads: {
    keys: [
      'num_attention_heads',
      'n_head',
      'num_heads',
      'n_heads',
      'decoder_attention_heads',
      'encoder_attention_heads',
    ],
    maximum: 10_000,
  },
  keyValueHeads: { keys: ['num_key_value_heads', 'num_kv_heads'], maximum: 10_000 },
  hiddenSize: { keys: ['hidden_size', 'n_embd', 'd_model', 'dim'], maximum: 1_000_000 },
  headSize: { keys: ['head_dim', 'd_kv'], maximum: 100_000 },
  vocabulary: { keys: ['vocab_size'], maximum: 16_000_000 },
  outputVocabulary: { keys: ['decoder_vocab_size'], maximum: 16_000_000 },
  context: {
    keys: ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'],
    maximum: 1_000_000_000,
  },
} as const satisfies Record<string, Entry>;

/**
 * Families whose positions are relative, so that no table of positions ends their context; and what
 * they were trained with where nothing else is known (Raffel et al. 2020, "Exploring the Limits of
 * Transfer Learning with a Unified Text-to-Text Transformer", section 3.1.2).
 */
const RELATIVE_POSITIONS = new Set(['t5', 'mt5', 'umt5', 'longt5', 'switch_transformers']);
const RELATIVE_CONTEXT = 512;

/** Families that count positions from the one after the padding token's, in a table that long. */
const POSITIONS_AFTER_PADDING = new Set(['roberta', 'camembert', 'xlm-roberta', 'mpnet']);

/** Tokenizers that know no limit say 10^30. */
const LARGEST_TOKENIZER_LIMIT = 10_000_000;

/**
 * Reads the numbers of a parsed config.json. A model of several media has those of the stack that reads
 * text in `text_config`.
 * @param tokenizerLimit  `model_max_length` of tokenizer_config.json, unchecked
 * @param where  the file, for failures
 * @throws Failure of kind `model` that names the entry at fault
 */
export function readModelConfig(
  whole: JsonObject,
  architecture: Architecture,
  tokenizerLimit: unknown,
  where: string,
): ModelConfig {
  const config = { ...textPart(whole), ...withoutNull(whole) };
  const family = config['model_type'];
  if (typeof family !== 'string' || family === '') {
    throw missing('model_type', where);
  }
  const required = (entry: Entry): number => {
    const value = readNumber(config, entry, where);
    if (value === undefined) {
      throw missing(entry.keys[0], where);
    }
    return value;
  };
  const heads = required(ENTRIES.heads);
  const hiddenSize = required(ENTRIES.hiddenSize);
  const keyValueHeads = readNumber(config, ENTRIES.keyValueHeads, where) ?? heads;
  if (heads % keyValueHeads !== 0) {
    throw disagreeing(
      `${ENTRIES.heads.keys[0]} ${heads}, ${ENTRIES.keyValueHeads.keys[0]} ${keyValueHeads}`,
      where,
    );
  }
  const headSize = readNumber(config, ENTRIES.headSize, where) ?? hiddenSize / heads;
  if (!Number.isInteger(headSize)) {
    throw disagreeing(
      `${ENTRIES.hiddenSize.keys[0]} ${hiddenSize}, ${ENTRIES.heads.keys[0]} ${heads}`,
      where,
    );
  }
  const outputVocabulary = readNumber(config, ENTRIES.outputVocabulary, where);
  return {
    family,
    layers: readLayers(architecture, required),
    heads,
    keyValueHeads,
    hiddenSize,
    headSize,
    vocabulary: required(ENTRIES.vocabulary),
    ...(outputVocabulary === undefined ? {} : { outputVocabulary }),
    context: readContext(config, family, architecture, tokenizerLimit, where),
  };
}

function textPart(config: JsonObject): JsonObject {
  const part = config['text_config'];
  return isJsonObject(part) ? part : {};
}

function readLayers(
  architecture: Architecture,
  required: (entry: Entry) => number,
): ModelConfig['layers'] {
  switch (architecture) {
    case 'decoder':
      return { decoder: required(ENTRIES.layers) };
    case 'encoder':
      return { encoder: required(ENTRIES.layers) };
    case 'encoder-decoder':
      return {
        encoder: required(ENTRIES.encoderLayers),
        decoder: required(ENTRIES.decoderLayers),
      };
  }
}

/**
 * A table of positions is the limit; of models with an encoder the tokenizer's limit is one as well,
 * since theirs is what they were trained with. With relative positions it is the only one.
 */
function readContext(
  config: JsonObject,
  family: string,
  architecture: Architecture,
  tokenizerLimit: unknown,
  where: string,
): number {
  const trained =
    architecture !== 'decoder' &&
    typeof tokenizerLimit === 'number' &&
    tokenizerLimit >= 1 &&
    tokenizerLimit <= LARGEST_TOKENIZER_LIMIT
      ? Math.floor(tokenizerLimit)
      : undefined;
  const positions = readNumber(config, ENTRIES.context, where);
  if (RELATIVE_POSITIONS.has(family)) {
    return trained ?? positions ?? RELATIVE_CONTEXT;
  }
  if (positions === undefined) {
    throw missing(ENTRIES.context.keys[0], where);
  }
  const pad = config['pad_token_id'];
  const before = POSITIONS_AFTER_PADDING.has(family) ? 1 + (typeof pad === 'number' ? pad : 1) : 0;
  return Math.max(1, Math.min(positions - before, trained ?? Infinity));
}

function readNumber(config: JsonObject, { keys, maximum }: Entry, where: string) {
  const key = keys.find((name) => config[name] !== undefined && config[name] !== null);
  if (key === undefined) {
    return undefined;
  }
  const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maximum));
  const result = v.safeParse(size, config[key]);
  if (!result.success) {
    throw new Failure({
      kind: 'model',
      what: phrase(
        '“{0}” is {1}, but should be a whole number from 1 to {2}',
        key,
        abbreviate(config[key]),
        maximum,
      ),
      where,
      remedy: phrase('correct it, or choose another model'),
    });
  }
  return result.output;
}

/** A parsed value as JSON, cut to what fits into a message. */
export function abbreviate(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function missing(key: string, where: string): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The file lacks “{0}”', key),
    where,
    remedy: phrase('add it to the file as the model’s publisher gives it, or choose another model'),
  });
}

function disagreeing(values: string, where: string): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('These values contradict each other: {0}', values),
    where,
    remedy: phrase('correct it, or choose another model'),
  });
}
