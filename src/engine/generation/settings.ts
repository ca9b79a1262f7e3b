import type { GenerationConfig, UnmetSetting } from '../../library/generationConfig';
import { matters, type GenerationSetting } from '../../library/generationSettings';
import type { ResultWarning } from '../../shared/resultWarning';
import type { GenerationOptions } from '../../shared/generation';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import type { GenerationLimits } from './step';
import { stopCheck } from './stopStrings';

/** What a model's authors say of choosing tokens, for where the user says nothing. */
export type RecommendedSettings = Omit<GenerationOptions, 'maxNewTokens'>;

/** Of `generate`, where tokens are drawn and the model says nothing of it (5.18). */
const DEFAULT_TOP_K = 50;

/** What a model's settings mean to a generation. */
export function generationSettingsOf(
  generation: GenerationConfig,
  tokenizer: Tokenizer,
  context: number,
): { limits: GenerationLimits; recommended: RecommendedSettings } {
  const { sample, temperature = 1, topK = DEFAULT_TOP_K, topP } = generation;
  const { repetitionPenalty, beams, stopStrings } = generation;
  return {
    limits: {
      endIds: new Set(generation.endTokens),
      context,
      rules: generation,
      ...(stopStrings === undefined ? {} : { stops: stopCheck(tokenizer, stopStrings) }),
    },
    recommended: {
      temperature: sample ? temperature : 0,
      topK,
      ...(topP === undefined ? {} : { topP }),
      ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
      ...(beams === undefined ? {} : { beams }),
    },
  };
}

/** Whether tokens are drawn at random: as the user's options want it, or else the model's settings. */
export function doesSample(
  { temperature = 0 }: RecommendedSettings,
  options: Partial<GenerationOptions>,
): boolean {
  return (options.temperature ?? temperature) > 0;
}

/** Settings that the user's own options take the place of. */
const OPTION_OF: Partial<Record<GenerationSetting, keyof GenerationOptions>> = {
  temperature: 'temperature',
  top_k: 'topK',
  top_p: 'topP',
  num_beams: 'beams',
  repetition_penalty: 'repetitionPenalty',
  max_new_tokens: 'maxNewTokens',
};

/**
 * What a result gets a warning for because its model asks for more than Headlight does.
 * @param options the user's own.
 */
export function unmetSettings(
  { unmet = [], sample, beams = 1 }: GenerationConfig,
  options: Partial<GenerationOptions>,
): ResultWarning[] {
  const choosing = {
    sampling: options.temperature === undefined ? sample : options.temperature > 0,
    beams: (options.beams ?? beams) > 1,
  };
  const told = (wanted: UnmetSetting['because']): string[] =>
    unmet
      .filter(({ because, name, occasion }) => {
        const option = OPTION_OF[name];
        const isOverridden = option !== undefined && options[option] !== undefined;
        return because === wanted && matters(occasion, choosing) && !isOverridden;
      })
      .map(({ name, value }) => `${name} = ${value}`);
  const unsupported = told('unsupported');
  const invalid = told('invalid');
  return [
    ...(unsupported.length === 0
      ? []
      : [{ kind: 'unmetSettings', settings: unsupported } satisfies ResultWarning]),
    ...(invalid.length === 0
      ? []
      : [{ kind: 'invalidSettings', settings: invalid } satisfies ResultWarning]),
  ];
}
