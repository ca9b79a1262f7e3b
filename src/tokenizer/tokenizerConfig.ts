import * as v from 'valibot';
import { LONGEST_STEP_TEXT } from '../shared/limits';
import { check, type AddedTokenEntry } from './schema';

/** Where failures of this file point to. */
const FILE = 'tokenizer_config.json';

/** A token that is matched as a whole; its id follows from the vocabulary. */
export type ConfiguredToken = Omit<AddedTokenEntry, 'id'>;

/** Contents of the tokens that tokenizer_config.json names. */
export interface NamedTokens {
  begin?: string;
  end?: string;
  unknown?: string;
  pad?: string;
}

/** What tokenizer_config.json says beside tokenizer.json. Absent settings were not given. */
export interface TokenizerSettings {
  /** `tokenizer_class`, without the ending of those that are written in Rust. */
  className?: string;
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

/** Names in the order in which `transformers` gives ids to tokens that have none. */
const NAMES = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const;

/**
 * Reads a parsed tokenizer_config.json, which a model need not have.
 * @throws Failure of kind `model` that names the entry at fault
 */
export function readTokenizerConfig(json: unknown): TokenizerSettings {
  const config = check(schema, json ?? {}, FILE);
  const named = {
    begin: contentOf(config.bos_token),
    end: contentOf(config.eos_token),
    unknown: contentOf(config.unk_token),
    pad: contentOf(config.pad_token),
  };
  return {
    ...present({
      className: config.tokenizer_class?.replace(/Fast$/, ''),
      lowercase: config.do_lower_case,
      stripAccents: config.strip_accents,
      handleChineseChars: config.tokenize_chinese_chars,
      addPrefixSpace: config.add_prefix_space,
      trimOffsets: config.trim_offsets,
      legacy: config.legacy,
    }),
    named: present(named),
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
 * name that ends in `_token` (`image_token`), or in a list.
 */
function specialTokens(config: Config): ConfiguredToken[] {
  const usual = NAMES.map((name) => config[name]);
  const other = Object.entries(config)
    .filter(([key]) => key.endsWith('_token') && !(NAMES as readonly string[]).includes(key))
    .map(([, value]) => v.safeParse(token, value))
    .flatMap(({ success, output }) => (success ? [output] : []));
  const extra = config.extra_special_tokens ?? config.additional_special_tokens ?? [];
  return [...usual, ...other, ...(Array.isArray(extra) ? extra : Object.values(extra))]
    .filter((entry) => entry !== null && entry !== undefined)
    .map((entry) =>
      typeof entry === 'string' ? { content: entry, special: true } : { ...entry, special: true },
    )
    .filter(({ content }) => content !== '');
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
