import * as v from 'valibot';
import { Failure, phrase } from '../shared/failure';

/** What Headlight needs of config.json, under one set of names for all families. */
export interface ModelConfig {
  /** `model_type`, e.g. `llama` or `gpt2`. */
  family: string;
  layers: number;
  heads: number;
  /** Heads with keys and values of their own; equals `heads` without grouped-query attention. */
  keyValueHeads: number;
  hiddenSize: number;
  /** Width of one head's query and key. */
  headSize: number;
  vocabulary: number;
  /** Tokens the model can see at once. */
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
  heads: {
    keys: ['num_attention_heads', 'n_head', 'num_heads', 'n_heads'],
    maximum: 10_000,
  },
  keyValueHeads: { keys: ['num_key_value_heads', 'num_kv_heads'], maximum: 10_000 },
  hiddenSize: { keys: ['hidden_size', 'n_embd', 'd_model'], maximum: 1_000_000 },
  headSize: { keys: ['head_dim'], maximum: 100_000 },
  vocabulary: { keys: ['vocab_size'], maximum: 16_000_000 },
  context: {
    keys: ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'],
    maximum: 1_000_000_000,
  },
} as const satisfies Record<string, Entry>;

/** A parsed JSON object whose entries are yet to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads the numbers of a parsed config.json.
 * @param where  the file, for failures
 * @throws Failure of kind `model` that names the entry at fault
 */
export function readModelConfig(config: JsonObject, where: string): ModelConfig {
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
  return {
    family,
    layers: required(ENTRIES.layers),
    heads,
    keyValueHeads,
    hiddenSize,
    headSize,
    vocabulary: required(ENTRIES.vocabulary),
    context: required(ENTRIES.context),
  };
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
      todo: phrase('download the file again from the model’s publisher'),
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
    todo: phrase('download the file again from the model’s publisher'),
  });
}

function disagreeing(values: string, where: string): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('These values contradict each other: {0}', values),
    where,
    todo: phrase('download the file again from the model’s publisher'),
  });
}
