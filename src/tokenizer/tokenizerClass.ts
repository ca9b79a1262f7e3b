import { MODEL_TYPES, MISNAMED_TYPES } from './modelTypes';

/** The tokens that a class of `transformers` has names for. */
export interface NamedTokens {
  begin?: string;
  end?: string;
  unknown?: string;
  separator?: string;
  pad?: string;
  classifier?: string;
  mask?: string;
}

/** What a class of `transformers` makes of tokenizer.json by itself. */
export interface TokenizerClass {
  /** It makes the normalizer of BERT anew, and lowercases where tokenizer_config.json says nothing. */
  lowercases?: true;
  /** It makes byte-level steps anew; whether with a space before the text where nothing is said. */
  prefixSpace?: boolean;
  /** It makes anew what marks the beginning of words. */
  marksWords?: true;
  /** The step that puts its own classifier and separator tokens around a text. */
  surrounds?: 'BertProcessing' | 'RobertaProcessing';
  /** Names of its tokens where tokenizer_config.json gives none. */
  tokens: NamedTokens;
}

const BERT: TokenizerClass = {
  lowercases: true,
  surrounds: 'BertProcessing',
  tokens: {
    unknown: '[UNK]',
    separator: '[SEP]',
    pad: '[PAD]',
    classifier: '[CLS]',
    mask: '[MASK]',
  },
};

const ROBERTA_TOKENS: NamedTokens = {
  begin: '<s>',
  end: '</s>',
  unknown: '<unk>',
  separator: '</s>',
  pad: '<pad>',
  classifier: '<s>',
  mask: '<mask>',
};

const ROBERTA: TokenizerClass = {
  prefixSpace: false,
  surrounds: 'RobertaProcessing',
  tokens: ROBERTA_TOKENS,
};

const GPT2: TokenizerClass = {
  prefixSpace: false,
  tokens: { begin: '<|endoftext|>', end: '<|endoftext|>', unknown: '<|endoftext|>' },
};

const QWEN2: TokenizerClass = {
  prefixSpace: false,
  tokens: { end: '<|endoftext|>', unknown: '<|endoftext|>', pad: '<|endoftext|>' },
};

/** Classes that count for texts; every other one takes tokenizer.json as it is. */
const CLASSES: Readonly<Record<string, TokenizerClass>> = {
  BertTokenizer: BERT,
  DistilBertTokenizer: BERT,
  DPRContextEncoderTokenizer: BERT,
  DPRQuestionEncoderTokenizer: BERT,
  DPRReaderTokenizer: BERT,
  ElectraTokenizer: BERT,
  LayoutLMTokenizer: BERT,
  LxmertTokenizer: BERT,
  MobileBertTokenizer: BERT,
  SplinterTokenizer: BERT,
  SqueezeBertTokenizer: BERT,
  FunnelTokenizer: {
    ...BERT,
    tokens: { ...ROBERTA_TOKENS, separator: '<sep>', classifier: '<cls>' },
  },
  MPNetTokenizer: {
    ...BERT,
    surrounds: 'RobertaProcessing',
    tokens: { ...ROBERTA_TOKENS, unknown: '[UNK]' },
  },
  RobertaTokenizer: ROBERTA,
  BartTokenizer: ROBERTA,
  LEDTokenizer: ROBERTA,
  LongformerTokenizer: ROBERTA,
  MvpTokenizer: ROBERTA,
  BlenderbotTokenizer: { prefixSpace: true, tokens: ROBERTA_TOKENS },
  LukeTokenizer: { prefixSpace: false, tokens: ROBERTA_TOKENS },
  DebertaTokenizer: {
    prefixSpace: false,
    surrounds: 'BertProcessing',
    tokens: { ...BERT.tokens, begin: '[CLS]', end: '[SEP]' },
  },
  CodeGenTokenizer: GPT2,
  GPT2Tokenizer: GPT2,
  GPTNeoXTokenizer: GPT2,
  WhisperTokenizer: GPT2,
  Qwen2Tokenizer: QWEN2,
  Qwen3_5Tokenizer: QWEN2,
  LlamaTokenizer: {
    marksWords: true,
    tokens: { begin: '<s>', end: '</s>', unknown: '<unk>' },
  },
};

/** Takes tokenizer.json as it is: `TokenizersBackend`, and all classes that have no row above. */
const BACKEND: TokenizerClass = { tokens: {} };

/**
 * The class that `AutoTokenizer` of `transformers` 5 chooses. The one that is named counts, unless the
 * model is of a type whose tokenizer.json says all, or whose publishers name wrong ones.
 *
 * @param named  `tokenizer_class` of tokenizer_config.json, else of config.json
 * @param modelType  `model_type` of config.json
 */
export function tokenizerClass(
  named: string | undefined,
  modelType: string | undefined,
): TokenizerClass {
  const usual = modelType === undefined ? undefined : MODEL_TYPES.get(modelType);
  const isUsual =
    named === undefined ||
    usual === 'TokenizersBackend' ||
    (modelType !== undefined && MISNAMED_TYPES.has(modelType));
  const chosen = (isUsual ? usual : named) ?? '';
  const name = chosen.replace(/Fast$/, '');
  return Object.hasOwn(CLASSES, name) ? (CLASSES[name] ?? BACKEND) : BACKEND;
}
