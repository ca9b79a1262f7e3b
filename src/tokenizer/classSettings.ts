import type { NormalizerStep, PreTokenizerStep, TokenizerDescription } from './schema';
import type { TokenizerSettings } from './tokenizerConfig';

/** Classes of `transformers` that take tokenizer.json as it is. */
const GENERIC = ['PreTrainedTokenizer', 'TokenizersBackend', 'PythonBackend'];

/**
 * Changes the steps of a tokenizer as its class in `transformers` does. The classes for one kind of
 * model build some steps anew from tokenizer_config.json: BERT's the normalizer, those with
 * byte-level vocabularies the space before a text, and Llama's what marks the beginning of words.
 */
export function withClassSettings(
  description: TokenizerDescription,
  settings: TokenizerSettings,
): TokenizerDescription {
  const { className, addPrefixSpace, trimOffsets } = settings;
  if (className !== undefined && GENERIC.includes(className)) {
    return description;
  }
  const changed = className === 'LlamaTokenizer' ? likeLlama(description, settings) : description;
  return {
    ...changed,
    normalizer: changed.normalizer.map((step) =>
      step.type === 'BertNormalizer' ? likeBert(step, settings) : step,
    ),
    preTokenizer: changed.preTokenizer.map((step) =>
      step.type === 'ByteLevel'
        ? { ...step, add_prefix_space: addPrefixSpace ?? step.add_prefix_space }
        : step,
    ),
    postProcessor: changed.postProcessor.map((step) =>
      step.type === 'RobertaProcessing'
        ? {
            ...step,
            add_prefix_space: addPrefixSpace ?? step.add_prefix_space,
            trim_offsets: trimOffsets ?? step.trim_offsets,
          }
        : step,
    ),
  };
}

/** `BertTokenizer` and what is made after it. */
function likeBert(
  step: Extract<NormalizerStep, { type: 'BertNormalizer' }>,
  { lowercase, stripAccents, handleChineseChars }: TokenizerSettings,
): NormalizerStep {
  return {
    ...step,
    lowercase: lowercase ?? step.lowercase,
    strip_accents: stripAccents ?? step.strip_accents,
    handle_chinese_chars: handleChineseChars ?? step.handle_chinese_chars,
  };
}

/** How SentencePiece writes a space. */
const WORD_START = '▁';

/**
 * `LlamaTokenizer`: a mark before the text alone, or in its `legacy` form before all that stands
 * between special tokens. Files with another kind of vocabulary that name this class are left as
 * they are.
 */
function likeLlama(
  description: TokenizerDescription,
  { addPrefixSpace = true, legacy = false }: TokenizerSettings,
): TokenizerDescription {
  const { normalizer, preTokenizer, decoder } = description;
  const marks = (step: NormalizerStep | PreTokenizerStep): boolean =>
    (step.type === 'Prepend' && step.prepend === WORD_START) ||
    (step.type === 'Metaspace' && step.replacement === WORD_START) ||
    (step.type === 'Replace' && step.content === WORD_START);
  if (
    preTokenizer.length + normalizer.length === 0 ||
    ![...normalizer, ...preTokenizer].every(marks)
  ) {
    return description;
  }
  return {
    ...description,
    normalizer: [],
    preTokenizer: [
      {
        type: 'Metaspace',
        replacement: WORD_START,
        prepend_scheme: !addPrefixSpace ? 'never' : legacy ? 'always' : 'first',
        split: false,
      },
    ],
    decoder: addPrefixSpace ? decoder : decoder.filter(({ type }) => type !== 'Strip'),
  };
}
