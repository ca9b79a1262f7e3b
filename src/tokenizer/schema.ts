import * as v from 'valibot';
import { Failure, phrase } from '../shared/failure';
import {
  LONGEST_STEP_TEXT,
  MOST_STEPS,
  MOST_SURROUNDING_TOKENS,
  MOST_TOKENS,
} from '../shared/limits';

/** Where failures of this room point to. */
export const TOKENIZER_FILE = 'tokenizer.json';

const flag = v.nullish(v.boolean());

const isTokenId = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < MOST_TOKENS;
const id = v.custom<number>(isTokenId, 'Not a token id');

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A text that a step looks for or puts in. */
const stepText = v.pipe(v.string(), v.maxLength(LONGEST_STEP_TEXT));

/** `Regex` is in the syntax of Oniguruma. */
const pattern = v.pipe(
  v.union([v.object({ String: v.string() }), v.object({ Regex: v.string() })]),
  v.check(
    (either) => ('String' in either ? either.String : either.Regex).length <= LONGEST_STEP_TEXT,
    `Longer than ${LONGEST_STEP_TEXT} characters`,
  ),
);

const behavior = v.picklist([
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
]);

const prependScheme = v.picklist(['always', 'first', 'never']);

const normalizerStep = v.variant('type', [
  v.object({
    type: v.literal('BertNormalizer'),
    clean_text: flag,
    handle_chinese_chars: flag,
    strip_accents: flag,
    lowercase: flag,
  }),
  v.object({ type: v.picklist(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  v.object({ type: v.literal('Lowercase') }),
  v.object({ type: v.literal('StripAccents') }),
  v.object({ type: v.literal('Strip'), strip_left: flag, strip_right: flag }),
  v.object({ type: v.literal('Prepend'), prepend: stepText }),
  v.object({ type: v.literal('Replace'), pattern, content: stepText }),
  v.object({ type: v.literal('ByteLevel') }),
  v.object({ type: v.literal('Nmt') }),
  v.object({ type: v.literal('Precompiled'), precompiled_charsmap: v.nullish(v.string()) }),
]);

const preTokenizerStep = v.variant('type', [
  v.object({ type: v.literal('ByteLevel'), add_prefix_space: flag, use_regex: flag }),
  v.object({
    type: v.literal('Metaspace'),
    replacement: stepText,
    prepend_scheme: v.nullish(prependScheme),
    add_prefix_space: flag,
    split: flag,
  }),
  v.object({ type: v.literal('BertPreTokenizer') }),
  v.object({ type: v.literal('Whitespace') }),
  v.object({ type: v.literal('WhitespaceSplit') }),
  v.object({ type: v.literal('Split'), pattern, behavior, invert: flag }),
  v.object({ type: v.literal('Punctuation'), behavior: v.nullish(behavior) }),
  v.object({ type: v.literal('Digits'), individual_digits: flag }),
  v.object({ type: v.literal('CharDelimiterSplit'), delimiter: stepText }),
  v.object({
    type: v.literal('FixedLength'),
    length: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
]);

const tokenAndId = v.tuple([v.string(), id]);
const templateItem = v.union([
  v.object({ SpecialToken: v.object({ id: v.string() }) }),
  v.object({ Sequence: v.object({ id: v.picklist(['A', 'B']) }) }),
]);

const postProcessorStep = v.variant('type', [
  v.object({ type: v.literal('ByteLevel'), add_prefix_space: flag, trim_offsets: flag }),
  v.object({
    type: v.literal('RobertaProcessing'),
    cls: tokenAndId,
    sep: tokenAndId,
    add_prefix_space: flag,
    trim_offsets: flag,
  }),
  v.object({ type: v.literal('BertProcessing'), cls: tokenAndId, sep: tokenAndId }),
  v.object({
    type: v.literal('TemplateProcessing'),
    single: v.pipe(v.array(templateItem), v.maxLength(MOST_SURROUNDING_TOKENS)),
    special_tokens: v.record(
      v.string(),
      v.object({ ids: v.pipe(v.array(id), v.maxLength(MOST_SURROUNDING_TOKENS)) }),
    ),
  }),
]);

const addedToken = v.object({
  id,
  content: v.pipe(stepText, v.minLength(1)),
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
});

// Large tables are checked in place. A copy would cost time, and `v.record` leaves out entries such
// as "constructor", which are words of a vocabulary like any other.
const vocabulary = v.custom<Record<string, number>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isTokenId),
  'Not a table of tokens and ids',
);
const merges = v.custom<string[] | [string, string][]>(
  (value) =>
    Array.isArray(value) &&
    value.every((merge: unknown) => {
      const parts: unknown[] = typeof merge === 'string' ? merge.split(' ') : [merge].flat();
      return parts.length === 2 && parts.every((part) => typeof part === 'string');
    }),
  'Not a list of merges',
);
const scoredVocabulary = v.custom<[string, number][]>(
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MOST_TOKENS &&
    value.every(
      (entry: unknown) =>
        Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1]),
    ),
  'Not a list of tokens and scores',
);

const model = v.variant('type', [
  v.object({
    type: v.literal('BPE'),
    vocab: vocabulary,
    merges,
    unk_token: v.nullish(v.string()),
    byte_fallback: flag,
    fuse_unk: flag,
    ignore_merges: flag,
    end_of_word_suffix: v.nullish(v.string()),
    continuing_subword_prefix: v.nullish(v.string()),
  }),
  v.object({
    type: v.literal('WordPiece'),
    vocab: vocabulary,
    unk_token: v.string(),
    continuing_subword_prefix: stepText,
    max_input_chars_per_word: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  v.object({
    type: v.literal('Unigram'),
    vocab: scoredVocabulary,
    unk_id: v.nullish(id),
    byte_fallback: flag,
  }),
  v.object({ type: v.literal('WordLevel'), vocab: vocabulary, unk_token: v.nullish(v.string()) }),
]);

const decoderStep = v.variant('type', [
  v.object({ type: v.literal('ByteLevel') }),
  v.object({ type: v.literal('ByteFallback') }),
  v.object({ type: v.literal('Fuse') }),
  v.object({
    type: v.literal('Metaspace'),
    replacement: stepText,
    prepend_scheme: v.nullish(prependScheme),
  }),
  v.object({ type: v.literal('WordPiece'), prefix: stepText, cleanup: flag }),
  v.object({ type: v.literal('BPEDecoder'), suffix: stepText }),
  v.object({ type: v.literal('Replace'), pattern, content: stepText }),
  v.object({ type: v.literal('Strip'), content: stepText, start: count, stop: count }),
  v.object({
    type: v.literal('CTC'),
    pad_token: v.string(),
    word_delimiter_token: v.string(),
    cleanup: flag,
  }),
]);

const tokenizerFile = v.looseObject({
  added_tokens: v.nullish(v.array(addedToken)),
  normalizer: v.nullish(v.unknown()),
  pre_tokenizer: v.nullish(v.unknown()),
  post_processor: v.nullish(v.unknown()),
  decoder: v.nullish(v.unknown()),
  model: v.looseObject({}),
});

export type NormalizerStep = v.InferOutput<typeof normalizerStep>;
export type PreTokenizerStep = v.InferOutput<typeof preTokenizerStep>;
export type PostProcessorStep = v.InferOutput<typeof postProcessorStep>;
export type SplitBehavior = v.InferOutput<typeof behavior>;
export type Pattern = v.InferOutput<typeof pattern>;
export type AddedTokenEntry = v.InferOutput<typeof addedToken>;
export type ModelEntry = v.InferOutput<typeof model>;
export type DecoderStep = v.InferOutput<typeof decoderStep>;

/** A tokenizer.json whose content is known to be sound; sequences of steps are flat. */
export interface TokenizerDescription {
  addedTokens: AddedTokenEntry[];
  normalizer: NormalizerStep[];
  preTokenizer: PreTokenizerStep[];
  postProcessor: PostProcessorStep[];
  decoder: DecoderStep[];
  model: ModelEntry;
}

/**
 * Reads a parsed tokenizer.json.
 * @throws Failure of kind `model` that names the entry at fault
 */
export function readTokenizerFile(json: unknown): TokenizerDescription {
  const file = parseEntry(tokenizerFile, json, TOKENIZER_FILE);
  return {
    addedTokens: file.added_tokens ?? [],
    normalizer: readSteps(file.normalizer, 'normalizer', 'normalizers', normalizerStep),
    preTokenizer: readSteps(file.pre_tokenizer, 'pre_tokenizer', 'pretokenizers', preTokenizerStep),
    postProcessor: readSteps(
      file.post_processor,
      'post_processor',
      'processors',
      postProcessorStep,
    ),
    decoder: readSteps(file.decoder, 'decoder', 'decoders', decoderStep),
    model: parseEntry(
      model,
      { type: inferModelType(file.model), ...file.model },
      TOKENIZER_FILE,
      'model',
    ),
  };
}

/** Files written before 2021, and some converted for Transformers.js, do not say the model's type. */
function inferModelType(entry: Record<string, unknown>): ModelEntry['type'] {
  if (Array.isArray(entry['vocab'])) {
    return 'Unigram';
  }
  if ('merges' in entry) {
    return 'BPE';
  }
  return 'continuing_subword_prefix' in entry ? 'WordPiece' : 'WordLevel';
}

/**
 * A step may be a `Sequence` of steps, which may hold sequences in turn.
 * @param found  the steps so far, to which these are added
 */
function readSteps<S extends v.GenericSchema>(
  entry: unknown,
  path: string,
  member: string,
  schema: S,
  found: v.InferOutput<S>[] = [],
  depth = 0,
): v.InferOutput<S>[] {
  if (entry === null || entry === undefined) {
    return found;
  }
  if (found.length >= MOST_STEPS || depth >= MOST_STEPS) {
    throw new Failure({
      kind: 'model',
      what: phrase('The tokenizer has more than {0} steps', MOST_STEPS),
      where: `${TOKENIZER_FILE}: ${path.split('.')[0] ?? path}`,
      remedy: phrase('choose another model'),
    });
  }
  const sequence = v.safeParse(
    v.object({ type: v.literal('Sequence'), [member]: v.array(v.unknown()) }),
    entry,
  );
  if (!sequence.success) {
    found.push(parseEntry(schema, entry, TOKENIZER_FILE, path));
    return found;
  }
  const steps = sequence.output[member];
  if (Array.isArray(steps)) {
    steps.forEach((step: unknown, index) =>
      readSteps(step, `${path}.${member}[${String(index)}]`, member, schema, found, depth + 1),
    );
  }
  return found;
}

/**
 * Reads a value by its schema.
 * @param path  where the value stands in the file
 * @throws Failure of kind `model` that names the entry at fault
 */
export function parseEntry<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  file: string,
  path = '',
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  const place = [path, v.getDotPath(issue)].filter((part) => part).join('.');
  throw new Failure({
    kind: 'model',
    what: phrase(
      'The tokenizer cannot be read: {0}',
      place === '' ? issue.message : `${place}: ${issue.message}`,
    ),
    where: file,
    remedy: phrase('download the file again from the model’s publisher, or export the model again'),
  });
}
