/** When a setting matters. */
export type Occasion =
  /** Whatever is generated. */
  | 'always'
  /** Where tokens are drawn at random. */
  | 'sampling'
  /** Where several texts are followed side by side. */
  | 'beams'
  /** Where neither is the case. */
  | 'greedy'
  /** Where one text alone is followed. */
  | 'single';

/** What Headlight does about a setting of `generate`. */
export type Treatment =
  /** It does what `generate` does, but for an exception. */
  | { does: 'honoured'; occasion?: Occasion; except?: string }
  /** It makes no difference to a result. */
  | { does: 'nothing'; because: string }
  /** It would make one, and Headlight leaves it out. */
  | { does: 'leftOut'; occasion?: Occasion; asks: (value: unknown) => boolean };

const speed = { does: 'nothing', because: 'is about speed and memory' } as const;
const outputs = { does: 'nothing', because: 'is about what else Python gets to see' } as const;
const record = { does: 'nothing', because: 'is a note of the file about itself' } as const;
const helper = {
  does: 'nothing',
  because: 'needs a second model, which a folder cannot name',
} as const;
const sampling = { does: 'honoured', occasion: 'sampling' } as const;
const beams = { does: 'honoured', occasion: 'beams' } as const;
const honoured = { does: 'honoured' } as const;

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
const isAbove =
  (least: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && value > least;

/**
 * Every field of `GenerationConfig` of `transformers` 5.18, by its name, in its order. What does not
 * concern a result is told apart from what Headlight leaves out, since only the latter is worth a
 * word to the user.
 */
export const GENERATION_SETTINGS = {
  max_length: honoured,
  max_new_tokens: honoured,
  min_length: honoured,
  min_new_tokens: honoured,
  early_stopping: beams,
  max_time: { does: 'leftOut', asks: isGiven },
  stop_strings: honoured,
  do_sample: honoured,
  num_beams: honoured,
  use_mtp: speed,
  use_cache: speed,
  cache_implementation: speed,
  cache_config: speed,
  max_cache_len: speed,
  temperature: sampling,
  top_k: sampling,
  top_p: sampling,
  min_p: sampling,
  top_h: sampling,
  typical_p: sampling,
  epsilon_cutoff: sampling,
  eta_cutoff: sampling,
  repetition_penalty: honoured,
  encoder_repetition_penalty: {
    does: 'honoured',
    except: 'with several beams it acts on each, where `generate` changes the first only',
  },
  length_penalty: beams,
  no_repeat_ngram_size: honoured,
  bad_words_ids: honoured,
  renormalize_logits: beams,
  forced_bos_token_id: honoured,
  forced_eos_token_id: honoured,
  remove_invalid_values: honoured,
  exponential_decay_length_penalty: honoured,
  suppress_tokens: honoured,
  begin_suppress_tokens: honoured,
  sequence_bias: honoured,
  token_healing: { does: 'leftOut', asks: (value) => value === true },
  guidance_scale: { does: 'leftOut', asks: (value) => isGiven(value) && value !== 1 },
  watermarking_config: { does: 'leftOut', asks: isGiven },
  num_return_sequences: { does: 'nothing', because: 'Headlight shows the first of them' },
  output_attentions: outputs,
  output_hidden_states: outputs,
  output_scores: outputs,
  output_logits: outputs,
  return_dict_in_generate: outputs,
  pad_token_id: { does: 'nothing', because: 'one text at a time needs no padding' },
  bos_token_id: honoured,
  eos_token_id: honoured,
  encoder_no_repeat_ngram_size: honoured,
  decoder_start_token_id: honoured,
  is_assistant: helper,
  num_assistant_tokens: speed,
  num_assistant_tokens_schedule: speed,
  assistant_confidence_threshold: speed,
  prompt_lookup_num_tokens: speed,
  max_matching_ngram_size: speed,
  assistant_early_exit: speed,
  assistant_lookbehind: speed,
  target_lookbehind: speed,
  assistant_ensemble_weight: helper,
  speculation_type: speed,
  compile_config: speed,
  disable_compile: speed,
  continuous_batching_config: speed,
  low_memory: speed,
  penalty_alpha: { does: 'leftOut', occasion: 'greedy', asks: isAbove(0) },
  dola_layers: { does: 'leftOut', occasion: 'single', asks: isGiven },
  diversity_penalty: {
    does: 'nothing',
    because: 'goes with num_beam_groups, which is named where it is asked for',
  },
  num_beam_groups: { does: 'leftOut', occasion: 'beams', asks: isAbove(1) },
  constraints: { does: 'leftOut', asks: isGiven },
  force_words_ids: { does: 'leftOut', asks: isGiven },
  prefill_chunk_size: speed,
  _from_model_config: record,
  transformers_version: record,
} as const satisfies Record<string, Treatment>;

/** A field of `GenerationConfig`. */
export type GenerationSetting = keyof typeof GENERATION_SETTINGS;

/** How tokens are chosen, as far as that decides which settings matter. */
export interface Choosing {
  sampling: boolean;
  beams: boolean;
}

/** Whether a setting matters where tokens are chosen in this way. */
export function matters(occasion: Occasion, { sampling, beams }: Choosing): boolean {
  switch (occasion) {
    case 'always':
      return true;
    case 'sampling':
      return sampling;
    case 'beams':
      return beams;
    case 'greedy':
      return !sampling && !beams;
    case 'single':
      return !beams;
  }
}
