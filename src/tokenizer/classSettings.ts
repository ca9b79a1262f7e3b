import type {
  NormalizerStep,
  PostProcessorStep,
  PreTokenizerStep,
  TokenizerDescription,
} from './schema';
import type { NamedTokens } from './tokenizerClass';
import type { ConfiguredToken, TokenizerSettings } from './tokenizerConfig';

/**
 * Changes the steps of a tokenizer as its class in `transformers` does. The classes for one kind of
 * model build some steps anew from tokenizer_config.json: BERT's the normalizer and its unknown
 * token, those with byte-level vocabularies the space before a text, and Llama's what marks the
 * beginning of words. A step that tokenizer.json lacks is not put in.
 */
export function withClassSettings(
  description: TokenizerDescription,
  settings: TokenizerSettings,
): TokenizerDescription {
  const { lowercases, prefixSpace, marksWords } = settings.class;
  const { normalizer, preTokenizer } = description;
  if (lowercases && description.model.type === 'WordPiece') {
    const unknown = nameOf('unknown', settings);
    return {
      ...description,
      normalizer: normalizer.map((step) =>
        step.type === 'BertNormalizer' ? likeBert(step, settings) : step,
      ),
      model:
        unknown !== undefined && Object.hasOwn(description.model.vocab, unknown)
          ? { ...description.model, unk_token: unknown }
          : description.model,
    };
  }
  if (prefixSpace !== undefined) {
    return {
      ...description,
      preTokenizer: preTokenizer.map((step) =>
        step.type === 'ByteLevel'
          ? { ...step, add_prefix_space: settings.addPrefixSpace ?? prefixSpace }
          : step,
      ),
    };
  }
  return marksWords ? likeLlama(description, settings) : description;
}

/**
 * The tokens that a class has where tokenizer_config.json names none; those alone that the vocabulary
 * has, since a model knows no others.
 */
export function tokensOfClass(
  settings: TokenizerSettings,
  ids: ReadonlyMap<string, number>,
): ConfiguredToken[] {
  const names = Object.keys(settings.class.tokens) as (keyof NamedTokens)[];
  return names
    .map((name) => nameOf(name, settings) ?? '')
    .filter((content) => ids.has(content))
    .map((content) => ({ content, special: true }));
}

/**
 * What stands around a text. BERT's and RoBERTa's classes put their own classifier and separator
 * there, whatever tokenizer.json says; one that the vocabulary lacks cannot stand there.
 * @param ids  of all tokens, those of tokenizer_config.json included
 */
export function postProcessorOf(
  { postProcessor }: TokenizerDescription,
  settings: TokenizerSettings,
  ids: ReadonlyMap<string, number>,
): PostProcessorStep[] {
  const { surrounds } = settings.class;
  const token = (name: keyof NamedTokens): [content: string, id: number] | undefined => {
    const content = nameOf(name, settings) ?? '';
    const id = ids.get(content);
    return id === undefined ? undefined : [content, id];
  };
  const [cls, sep] = [token('classifier'), token('separator')];
  if (surrounds === undefined || cls === undefined || sep === undefined) {
    return postProcessor;
  }
  return surrounds === 'BertProcessing'
    ? [{ type: surrounds, cls, sep }]
    : [
        {
          ...{ type: surrounds, cls, sep },
          add_prefix_space: settings.addPrefixSpace ?? false,
          trim_offsets: settings.trimOffsets ?? true,
        },
      ];
}

function nameOf(
  name: keyof NamedTokens,
  { named, class: { tokens } }: TokenizerSettings,
): string | undefined {
  return named[name] ?? tokens[name];
}

/** `BertTokenizer` and what is made after it. */
function likeBert(
  step: Extract<NormalizerStep, { type: 'BertNormalizer' }>,
  { lowercase, stripAccents, handleChineseChars }: TokenizerSettings,
): NormalizerStep {
  return {
    ...step,
    lowercase: lowercase ?? true,
    strip_accents: stripAccents ?? null,
    handle_chinese_chars: handleChineseChars ?? true,
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
