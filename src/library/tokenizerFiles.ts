import path from 'node:path';
import { CONFIGURATION_JSON, TOKENIZER_JSON } from '../shared/limits';
import { readObjectIfAny } from './files';
import { isEmpty } from '../tokenizer/tokenizerConfig';
import type { JsonObject } from '../shared/jsonObject';

/** Parsed JSON for `createTokenizer`; `undefined` where the folder lacks a file. */
export interface TokenizerFiles {
  /** tokenizer.json */
  json: JsonObject;
  /** tokenizer_config.json */
  config: JsonObject | undefined;
  /** config.json, which tells what kind of model the tokenizer is for. */
  modelConfig: JsonObject | undefined;
}

/**
 * Reads a folder's tokenizer; `undefined` where there is none.
 * @throws Failure `model`
 */
export async function readTokenizerIfAny(folder: string): Promise<TokenizerFiles | undefined> {
  const read = (name: string, limits = CONFIGURATION_JSON) =>
    readObjectIfAny(path.join(folder, name), limits);
  const json = await read('tokenizer.json', TOKENIZER_JSON);
  if (json === undefined) {
    return undefined;
  }
  const modelConfig = await read('config.json');
  const config = await read('tokenizer_config.json');
  if (config?.['added_tokens_decoder'] !== undefined) {
    return { json, config, modelConfig };
  }
  const specialTokens = await read('special_tokens_map.json');
  const addedTokens = await read('added_tokens.json');
  return { json, config: withOlderFiles(config, specialTokens, addedTokens), modelConfig };
}

/** Names of the tokens that `transformers` looks up among those that were added. */
const NAMES = [
  ...['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'],
  ...['additional_special_tokens', 'extra_special_tokens'],
] as const;

/**
 * Adds to tokenizer_config.json what older folders have in files of their own, as `_from_pretrained`
 * of `transformers` does where that file has no `added_tokens_decoder`: special_tokens_map.json names
 * tokens, and what it says counts; added_tokens.json has ids by tokens.
 */
function withOlderFiles(
  config: JsonObject | undefined,
  specialTokens: JsonObject | undefined,
  addedTokens: JsonObject | undefined,
): JsonObject | undefined {
  if (specialTokens === undefined && addedTokens === undefined) {
    return config;
  }
  const extra = config?.['extra_special_tokens'];
  const listed = isEmpty(extra) ? (config?.['additional_special_tokens'] ?? extra) : extra;
  const named: JsonObject = {
    ...config,
    ...specialTokens,
    ...(listed === undefined ? {} : { extra_special_tokens: listed }),
  };
  const special = new Set(NAMES.flatMap((name) => contentsOf(named[name])));
  const decoder = Object.entries(addedTokens ?? {}).map(([content, id]) => [
    String(id),
    { content, special: special.has(content), normalized: !special.has(content) },
  ]);
  return { ...named, added_tokens_decoder: Object.fromEntries(decoder) as JsonObject };
}

function contentsOf(value: unknown): string[] {
  return [value].flat().flatMap((token) => {
    const content =
      typeof token === 'object' && token !== null && 'content' in token ? token.content : token;
    return typeof content === 'string' ? [content] : [];
  });
}
