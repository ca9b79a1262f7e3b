import type { GenerationConfig, SequenceBias } from '../../library/generationConfig';
import type { SamplingRule } from './sampling';

/** Changes scores [vocabulary] in place, given all ids so far. −∞ keeps a token from coming. */
export type LogitsProcessor = (scores: Float32Array, ids: readonly number[]) => void;

/** What a model's authors demand of its output; absent fields demand nothing. */
export type GenerationRules = Partial<
  Pick<
    GenerationConfig,
    | 'sequenceBiases'
    | 'encoderRepetitionPenalty'
    | 'noRepeatNgramSize'
    | 'encoderNoRepeatNgramSize'
    | 'badWords'
    | 'minLength'
    | 'minNewTokens'
    | 'forcedBeginToken'
    | 'forcedEndTokens'
    | 'removeInvalid'
    | 'lengthDecay'
    | 'suppressedTokens'
    | 'suppressedAtBegin'
    | 'lengthPenalty'
    | 'earlyStopping'
    | 'renormalize'
    | SamplingRule
  >
>;

/** What the rules refer to in one generation. Lengths count the prompt. */
export interface GenerationFrame {
  repetitionPenalty?: number;
  endIds: ReadonlySet<number>;
  /** What the encoder has read; without one, the prompt. */
  source: readonly number[];
  promptLength: number;
  maxLength: number;
}

/**
 * The processors that the rules ask for, in the order in which `generate` of Hugging Face's
 * `transformers` applies them (generation/utils.py, `_get_logits_processor`). What belongs to drawing
 * at random comes after them (sampling.ts).
 */
export function createProcessors(
  rules: GenerationRules,
  frame: GenerationFrame,
): LogitsProcessor[] {
  const { repetitionPenalty = 1, endIds, source, promptLength, maxLength } = frame;
  const {
    encoderRepetitionPenalty = 1,
    noRepeatNgramSize = 0,
    encoderNoRepeatNgramSize = 0,
  } = rules;
  const { sequenceBiases = [], badWords = [], minNewTokens = 0, lengthDecay } = rules;
  const { forcedBeginToken, forcedEndTokens = [], removeInvalid = false } = rules;
  const { suppressedTokens = [], suppressedAtBegin = [] } = rules;
  const minLength = minNewTokens > 0 ? promptLength + minNewTokens : (rules.minLength ?? 0);
  const processors: LogitsProcessor[] = [];
  const add = (wanted: boolean, create: () => LogitsProcessor): void => {
    if (wanted) {
      processors.push(create());
    }
  };
  add(sequenceBiases.length > 0, () => biasSequences(sequenceBiases));
  add(encoderRepetitionPenalty !== 1, () =>
    penalizeEncoderRepetition(encoderRepetitionPenalty, source),
  );
  add(repetitionPenalty !== 1, () => penalizeRepetition(repetitionPenalty));
  add(noRepeatNgramSize > 0, () => forbidRepeatedNgrams(noRepeatNgramSize));
  add(encoderNoRepeatNgramSize > 0, () => forbidNgramsOf(source, encoderNoRepeatNgramSize));
  add(badWords.length > 0, () => forbidSequences(badWords, endIds));
  add(minLength > 0, () => enforceMinLength(minLength, endIds));
  if (forcedBeginToken !== undefined) {
    processors.push(forceTokensAt(1, [forcedBeginToken]));
  }
  add(forcedEndTokens.length > 0, () => forceTokensAt(maxLength - 1, forcedEndTokens));
  add(removeInvalid, () => removeInvalidScores);
  if (lengthDecay !== undefined) {
    const { start, factor } = lengthDecay;
    processors.push(applyLengthDecay(promptLength + start, factor, endIds));
  }
  add(suppressedTokens.length > 0, () => (scores) => forbid(scores, suppressedTokens));
  const begin = promptLength + (promptLength === 1 && forcedBeginToken !== undefined ? 1 : 0);
  add(suppressedAtBegin.length > 0, () => suppressTokensAt(begin, suppressedAtBegin));
  return processors;
}

/** Adds to the scores of the tokens that would complete one of the sequences. */
export function biasSequences(biases: readonly SequenceBias[]): LogitsProcessor {
  return (scores, ids) => {
    for (const { sequence, bias } of biases) {
      const begun = sequence.length - 1;
      const last = sequence[begun] as number;
      if (begun <= ids.length && matches(sequence, 0, ids, ids.length - begun, begun)) {
        const score = scores[last];
        if (score !== undefined) {
          scores[last] = score + bias;
        }
      }
    }
  };
}

/** Makes tokens of the source more likely, by the converse of {@link penalizeRepetition}. */
export function penalizeEncoderRepetition(
  penalty: number,
  source: readonly number[],
): LogitsProcessor {
  const favor = penalizeRepetition(1 / penalty);
  return (scores) => favor(scores, source);
}

/**
 * Makes tokens that occurred less likely: positive scores are divided by the penalty, negative ones
 * multiplied (Keskar et al. 2019, "CTRL", section 4.1, in the form that Hugging Face uses).
 */
export function penalizeRepetition(penalty: number): LogitsProcessor {
  return (scores, ids) => {
    for (const id of new Set(ids)) {
      const score = scores[id];
      if (score !== undefined) {
        scores[id] = score > 0 ? score / penalty : score * penalty;
      }
    }
  };
}

/**
 * No sequence of `size` tokens comes twice (Paulus et al. 2018, "A Deep Reinforced Model for
 * Abstractive Summarization", section 2.5).
 */
export function forbidRepeatedNgrams(size: number): LogitsProcessor {
  return (scores, ids) => {
    const begun = ids.length - (size - 1);
    for (let start = 0; start < begun; start++) {
      if (matches(ids, start, ids, begun, size - 1)) {
        forbid(scores, ids.slice(start + size - 1, start + size));
      }
    }
  };
}

/** No sequence of `size` tokens of a source comes. */
export function forbidNgramsOf(source: readonly number[], size: number): LogitsProcessor {
  return (scores, ids) => {
    const begun = ids.length - (size - 1);
    for (let start = 0; begun >= 0 && start + size <= source.length; start++) {
      if (matches(source, start, ids, begun, size - 1)) {
        forbid(scores, source.slice(start + size - 1, start + size));
      }
    }
  };
}

/** None of the sequences comes. One that is an end token alone is no bad word. */
export function forbidSequences(
  sequences: readonly (readonly number[])[],
  endIds: ReadonlySet<number>,
): LogitsProcessor {
  const bad = sequences.filter(
    ([first, ...rest]) => first !== undefined && (rest.length > 0 || !endIds.has(first)),
  );
  return (scores, ids) => {
    for (const sequence of bad) {
      const begun = sequence.length - 1;
      if (begun <= ids.length && matches(sequence, 0, ids, ids.length - begun, begun)) {
        forbid(scores, sequence.slice(begun));
      }
    }
  };
}

/** The text does not end before it has so many tokens. */
export function enforceMinLength(length: number, endIds: ReadonlySet<number>): LogitsProcessor {
  return (scores, ids) => {
    if (ids.length < length) {
      forbid(scores, endIds);
    }
  };
}

/** After so many tokens one of these comes, and nothing else. */
export function forceTokensAt(length: number, tokens: readonly number[]): LogitsProcessor {
  return (scores, ids) => {
    if (ids.length === length) {
      scores.fill(-Infinity);
      for (const token of tokens) {
        scores[token] = 0;
      }
    }
  };
}

/** The largest number of float32. */
const LARGEST = 3.4028234663852886e38;

/** What is no number counts as 0, what is infinite as the largest or smallest number. */
export function removeInvalidScores(scores: Float32Array): void {
  for (const [id, score] of scores.entries()) {
    if (Number.isNaN(score)) {
      scores[id] = 0;
    } else if (!Number.isFinite(score)) {
      scores[id] = score > 0 ? LARGEST : -LARGEST;
    }
  }
}

/**
 * After so many tokens the end becomes more likely, by |score| · (factorⁿ − 1) with the n-th token
 * more.
 */
export function applyLengthDecay(
  length: number,
  factor: number,
  endIds: ReadonlySet<number>,
): LogitsProcessor {
  return (scores, ids) => {
    const over = ids.length - length;
    if (over > 0) {
      for (const id of endIds) {
        const score = scores[id];
        if (score !== undefined) {
          scores[id] = score + Math.abs(score) * (factor ** over - 1);
        }
      }
    }
  };
}

/** After so many tokens none of these comes. */
export function suppressTokensAt(length: number, tokens: Iterable<number>): LogitsProcessor {
  return (scores, ids) => {
    if (ids.length === length) {
      forbid(scores, tokens);
    }
  };
}

function forbid(scores: Float32Array, tokens: Iterable<number>): void {
  for (const token of tokens) {
    if (token < scores.length) {
      scores[token] = -Infinity;
    }
  }
}

/** Whether `count` items of two lists are the same, from a place in each. */
function matches(
  one: readonly number[],
  from: number,
  other: readonly number[],
  otherFrom: number,
  count: number,
): boolean {
  for (let i = 0; i < count; i++) {
    if (one[from + i] !== other[otherFrom + i]) {
      return false;
    }
  }
  return true;
}
