import * as v from 'valibot';
import { LONGEST_STEP_TEXT } from '../shared/limits';
import { parseEntry, type AddedTokenEntry } from './schema';
import { tokenizerClass, type NamedTokens, type TokenizerClass } from './tokenizerClass';

/** Where failures of this file point to. */
const FILE = 'tokenizer_config.json';

/** A token that is matched as a whole; its id follows from the vocabulary. */
export type ConfiguredToken = Omit<AddedTokenEntry, 'id'>;

/** What tokenizer_config.json says beside tokenizer.json. Absent settings were not given. */
export interface TokenizerSettings {
  class: TokenizerClass;
  /** Tokens that are named one by one. */
  named: NamedTokens;
  /** `added_tokens_decoder`, by their ids. */
  addedTokens: ConfiguredToken[];
  /** Tokens that are special by their names; first those that every tokenizer has. */
  specialTokens: ConfiguredToken[];
  lowercase?: boolean;
  stripAccents?: boolean;
  handleChineseChars?: boolean;
  addPrefixSpace?: boolean;
  trimOffsets?: boolean;
  legacy?: boolean;
  /** Special tokens that are written in a text are text like any other. */
  splitSpecialTokens: boolean;
  /** Whether spaces before punctuation go; `'even of BPE'` where that is said of such models too. */
  cleanUpSpaces: boolean | 'even of BPE';
}

const flag = v.nullish(v.boolean());
const content = v.pipe(v.string(), v.maxLength(LONGEST_STEP_TEXT));
const tokenObject = v.object({
  content,
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
});
const token = v.union([content, tokenObject]);
const namedToken = v.nullish(token);

const schema = v.looseObject({
  tokenizer_class: v.nullish(v.string()),
  bos_token: namedToken,
  eos_token: namedToken,
  unk_token: namedToken,
  sep_token: namedToken,
  pad_token: namedToken,
  cls_token: namedToken,
  mask_token: namedToken,
  added_tokens_decoder: v.nullish(v.record(v.pipe(v.string(), v.digits()), tokenObject)),
  additional_special_tokens: v.nullish(v.array(token)),
  extra_special_tokens: v.nullish(v.union([v.array(token), v.record(v.string(), token)])),
  model_specific_special_tokens: v.nullish(v.record(v.string(), token)),
  do_lower_case: flag,
  strip_accents: flag,
  tokenize_chinese_chars: flag,
  add_prefix_space: flag,
  trim_offsets: flag,
  legacy: flag,
  split_special_tokens: flag,
  clean_up_tokenization_spaces: flag,
  clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output: flag,
});

type Config = v.InferOutput<typeof schema>;
type TokenOfConfig = v.InferOutput<typeof token>;

/** Entries in the order in which `transformers` gives ids to tokens that have none. */
const ENTRIES = {
  begin: 'bos_token',
  end: 'eos_token',
  unknown: 'unk_token',
  separator: 'sep_token',
  pad: 'pad_token',
  classifier: 'cls_token',
  mask: 'mask_token',
} as const satisfies Record<keyof NamedTokens, string>;

const NAMES = Object.values(ENTRIES);

const modelSchema = v.looseObject({
  model_type: v.fallback(v.optional(v.string()), undefined),
  tokenizer_class: v.fallback(v.nullish(v.string()), undefined),
});

/**
 * Reads a parsed tokenizer_config.json, which a model need not have.
 * @param modelConfig  parsed config.json, which tells the class where the other does not
 * @throws Failure of kind `model` that names the entry at fault
 */
export function readTokenizerConfig(json: unknown, modelConfig: unknown): TokenizerSettings {
  const config = parseEntry(schema, json ?? {}, FILE);
  const model = v.parse(v.fallback(modelSchema, {}), modelConfig ?? {});
  const named = Object.entries(ENTRIES).map(
    ([name, entry]) => [name, contentOf(config[entry])] as const,
  );
  return {
    class: tokenizerClass(
      config.tokenizer_class ?? model.tokenizer_class ?? undefined,
      model.model_type,
    ),
    ...present({
      lowercase: config.do_lower_case,
      stripAccents: config.strip_accents,
      handleChineseChars: config.tokenize_chinese_chars,
      addPrefixSpace: config.add_prefix_space,
      trimOffsets: config.trim_offsets,
      legacy: config.legacy,
    }),
    named: present(Object.fromEntries(named)),
    addedTokens: Object.entries(config.added_tokens_decoder ?? {})
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, entry]) => entry),
    specialTokens: specialTokens(config),
    splitSpecialTokens: config.split_special_tokens === true,
    cleanUpSpaces:
      config.clean_up_tokenization_spaces === true &&
      config.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output === true
        ? 'even of BPE'
        : config.clean_up_tokenization_spaces === true,
  };
}

/**
 * Tokens that are special because of where they are named: by the seven usual names, by any other
 * name that ends in `_token` (`image_token`), in an object of such names, or in a list. As in
 * `transformers`, the newer of the two lists replaces the older one, and an object does not.
 */
function specialTokens(config: Config): ConfiguredToken[] {
  const usual = NAMES.map((name) => config[name]);
  const other = Object.entries(config)
    .filter(([key]) => key.endsWith('_token') && !(NAMES as readonly string[]).includes(key))
    .map(([, value]) => v.safeParse(token, value))
    .flatMap(({ success, output }) => (success ? [output] : []));
  const { extra_special_tokens: extra } = config;
  const isNamed = !isEmpty(extra) && !Array.isArray(extra);
  const listed = Array.isArray(extra) && !isEmpty(extra) ? extra : config.additional_special_tokens;
  // What is named beside others is put in their place.
  const specific = isNamed ? extra : other.length > 0 ? {} : config.model_specific_special_tokens;
  return [...usual, ...other, ...Object.values(specific ?? {}), ...(listed ?? [])]
    .filter((entry) => entry !== null && entry !== undefined)
    .map((entry) =>
      typeof entry === 'string' ? { content: entry, special: true } : { ...entry, special: true },
    )
    .filter(({ content }) => content !== '');
}

/** Whether a list or an object of tokens names none; `transformers` takes it as if it were missing. */
export function isEmpty(tokens: unknown): boolean {
  return typeof tokens !== 'object' || tokens === null || Object.keys(tokens).length === 0;
}

function contentOf(entry: TokenOfConfig | null | undefined): string | undefined {
  return typeof entry === 'string' ? entry : entry?.content;
}

/** Leaves out what is null or undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
