import { markdownTable } from '../markdownTable';

/** Fields of tokenizer_config.json, and what becomes of them. */
interface Field {
  names: readonly string[];
  use: 'as AutoTokenizer' | 'not used';
  /** What it does, or why it does nothing. */
  what: string;
}

/** All fields that the classes of `transformers` 5.18 take; a test holds the list against theirs. */
export const FIELDS: readonly Field[] = [
  {
    names: ['added_tokens_decoder', 'added_tokens.json'],
    use: 'as AutoTokenizer',
    what: 'tokens beside those of `tokenizer.json`, with `lstrip`, `rstrip`, `single_word`, `normalized` and `special`; the id follows from the vocabulary, as in `transformers`',
  },
  {
    names: [
      'bos_token',
      'eos_token',
      'unk_token',
      'sep_token',
      'pad_token',
      'cls_token',
      'mask_token',
      'special_tokens_map.json',
    ],
    use: 'as AutoTokenizer',
    what: 'special tokens, as texts or as objects with flags. `BertTokenizer` and its kin take `unk_token` for unknown words, and put `cls_token` and `sep_token` around a text whatever `tokenizer.json` says, as `RobertaTokenizer` and `DebertaTokenizer` do. What a class has by default counts where the vocabulary has it; `AutoTokenizer` adds tokens that the model does not know',
  },
  {
    names: [
      'image_token',
      'model_specific_special_tokens',
      'chain_break_token',
      'entity_mask_token',
      'entity_mask2_token',
      'entity_pad_token',
      'entity_unk_token',
      'eot_token',
      'fill_token',
      'middle_token',
      'prefix_token',
      'suffix_token',
      'question_token',
    ],
    use: 'as AutoTokenizer',
    what: 'any other name that ends in `_token` makes its token special',
  },
  {
    names: ['additional_special_tokens', 'extra_special_tokens'],
    use: 'as AutoTokenizer',
    what: 'special tokens in a list; of two lists the second counts. `extra_special_tokens` may also be an object that names tokens, beside the list',
  },
  {
    names: ['do_lower_case', 'strip_accents', 'tokenize_chinese_chars'],
    use: 'as AutoTokenizer',
    what: 'change the normalizer of `BertTokenizer` and its kin, which lowercases where nothing is said; with other classes it is as `tokenizer.json` has it',
  },
  {
    names: ['add_prefix_space', 'trim_offsets'],
    use: 'as AutoTokenizer',
    what: 'a space before the text for `LlamaTokenizer` and for classes with byte-level vocabularies (`GPT2Tokenizer`, `RobertaTokenizer`, `Qwen2Tokenizer` …), which put none where nothing is said; `trim_offsets` of `RobertaTokenizer`',
  },
  {
    names: ['legacy'],
    use: 'as AutoTokenizer',
    what: '`LlamaTokenizer` marks the beginning of the text, or in its legacy form of all that follows a special token',
  },
  {
    names: ['split_special_tokens'],
    use: 'as AutoTokenizer',
    what: 'special tokens that are written in the text are text',
  },
  {
    names: [
      'clean_up_tokenization_spaces',
      'clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output',
    ],
    use: 'as AutoTokenizer',
    what: 'takes spaces before punctuation out of decoded text; of byte-pair encodings only if the second is set too',
  },
  {
    names: ['add_bos_token', 'add_eos_token'],
    use: 'as AutoTokenizer',
    what: 'nothing: `post_processor` of `tokenizer.json` says what stands around a text',
  },
  {
    names: [
      'truncation of tokenizer.json',
      'padding of tokenizer.json',
      'truncation_side',
      'padding_side',
      'tokenizer_truncation',
      'tokenizer_padding',
    ],
    use: 'as AutoTokenizer',
    what: 'nothing: a text is never cut or filled up in silence; what is too long for a model is cut by Headlight, which says so',
  },
  {
    names: ['model_max_length'],
    use: 'as AutoTokenizer',
    what: 'cuts no tokens by itself; where `config.json` has no such number, Headlight takes it for the longest text of the model',
  },
  {
    names: ['tokenizer_class'],
    use: 'as AutoTokenizer',
    what: 'decides which of the fields above count; where it is missing, `tokenizer_class` or `model_type` of `config.json` does. Classes such as `PreTrainedTokenizerFast` and `TokenizersBackend`, and those that `transformers` 5 no longer has, such as `BloomTokenizerFast`, take `tokenizer.json` as it is. Steps of `tokenizer.json` that a class would leave out stay',
  },
  {
    names: ['max_len', 'max_length', 'stride', 'truncation_strategy', 'pad_to_multiple_of'],
    use: 'as AutoTokenizer',
    what: 'nothing: they are about cutting and filling up',
  },
  {
    names: ['src_lang', 'tgt_lang', 'language', 'task', 'legacy_behaviour', 'predict_timestamps'],
    use: 'as AutoTokenizer',
    what: 'nothing: `post_processor` of `tokenizer.json` says what stands around a text. Classes for several languages, such as `NllbTokenizer`, take them; Headlight has an option for languages',
  },
  {
    names: ['chat_template', 'response_template', 'response_schema', 'use_default_system_prompt'],
    use: 'as AutoTokenizer',
    what: 'nothing: Headlight gives the model the text as it is, not a conversation',
  },
  {
    names: ['errors'],
    use: 'as AutoTokenizer',
    what: 'nothing: bytes that are no character always become U+FFFD',
  },
  {
    names: [
      'clean_text',
      'extra_ids',
      'fix_mistral_regex',
      'keep_accents',
      'mask_token_sent',
      'offset',
      'remove_space',
      'split_by_punct',
      'unk_id',
      'wordpieces_prefix',
    ],
    use: 'as AutoTokenizer',
    what: 'nothing: `tokenizer.json` says it. `AlbertTokenizer`, `FunnelTokenizer`, `XLNetTokenizer` and others make steps anew from some of them',
  },
  {
    names: [
      'backend',
      'merges_file',
      'name_or_path',
      'processor_class',
      'tokenizer_file',
      'verbose',
      'vocab_file',
    ],
    use: 'as AutoTokenizer',
    what: 'nothing: where and how the tokenizer is loaded. Headlight reads `tokenizer.json`',
  },
  {
    names: [
      'model_input_names',
      'pad_token_type_id',
      'return_token_type_ids',
      'token_type_ids_pattern',
    ],
    use: 'as AutoTokenizer',
    what: 'nothing for the tokens; the graph says what it is fed',
  },
  {
    names: [
      '_spm_precompiled_charsmap',
      'auto_map',
      'files_loaded',
      'gguf_file',
      'init_inputs',
      'merges',
      'normalizer_file',
      'post_processor',
      'tokenizer',
      'tokenizer_object',
      'vocab',
    ],
    use: 'not used',
    what: 'what `transformers` passes on while it loads a tokenizer, and code of a model: Headlight reads `tokenizer.json`, runs no code of a model and reads no other file',
  },
  {
    names: [
      'cls_token_box',
      'entity_token_1',
      'entity_token_2',
      'entity_vocab',
      'max_depth',
      'max_entity_length',
      'max_mention_length',
      'max_width',
      'only_label_first_subword',
      'pad_token_box',
      'pad_token_label',
      'pad_width',
      'sep_token_box',
      'tags_dict',
    ],
    use: 'not used',
    what: 'boxes, labels, entities and markup of models that read more than text',
  },
];

const HEADING = '## Fields of tokenizer_config.json';

/** The section of docs/support.md, formatted as Prettier formats it. */
export function tokenizerSection(): string {
  const rows = FIELDS.map(({ names, use, what }) => [
    names.map((name) => (/[. ]/.test(name) ? name : `\`${name}\``)).join(', '),
    use,
    what,
  ]);
  const lines = markdownTable(['Fields', 'Count', 'What they do, or why not'], rows);
  return [HEADING, '', INTRODUCTION, '', lines, ''].join('\n');
}

const INTRODUCTION = `<!-- Made by test/unit/tokenizer/configFields.test.ts, which fails if this section is not what it
     finds. UPDATE_SUPPORT=1 npm run test:unit -- docs/support.md rewrites it. -->

"As AutoTokenizer": \`transformers\` made the tokens, offsets and decoded text of small folders with
these fields, and Headlight makes the same of them. Files of older folders stand beside the fields
that they have.`;

/** A page with this section in the place of the one that it has, or at its end. */
export function withSection(page: string, section: string): string {
  const start = page.indexOf(`${HEADING}\n`);
  if (start < 0) {
    return `${page}\n${section}`;
  }
  const next = page.indexOf('\n## ', start);
  return `${page.slice(0, start)}${section}${next < 0 ? '' : page.slice(next)}`;
}
