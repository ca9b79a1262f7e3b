/** Changes scores [vocabulary] in place, given all ids so far. −∞ keeps a token from coming. */
export type LogitsProcessor = (scores: Float32Array, ids: readonly number[]) => void;

/** What a model's authors demand of its output; absent fields demand nothing. */
export interface GenerationRules {
  noRepeatNgramSize?: number;
  badWords?: readonly (readonly number[])[];
  minLength?: number;
  forcedBeginToken?: number;
  forcedEndToken?: number;
  suppressedTokens?: readonly number[];
  suppressedAtBegin?: readonly number[];
  /** Of beam search: above 0 favours long texts, below 0 short ones; 1 if absent. */
  lengthPenalty?: number;
  /** Of beam search: end when there are as many texts as beams; `never` looks further; else guess. */
  earlyStopping?: boolean | 'never';
}

/** What the rules refer to in one generation. Lengths count the prompt. */
export interface GenerationFrame {
  repetitionPenalty?: number;
  endIds: ReadonlySet<number>;
  promptLength: number;
  maxLength: number;
}

/**
 * The processors that the rules ask for, in the order in which `generate` of Hugging Face's
 * `transformers` applies them (generation/utils.py, `_get_logits_processor`).
 */
export function createProcessors(
  rules: GenerationRules,
  frame: GenerationFrame,
): LogitsProcessor[] {
  const { repetitionPenalty = 1, endIds, promptLength, maxLength } = frame;
  const { noRepeatNgramSize = 0, badWords = [], minLength = 0 } = rules;
  const { forcedBeginToken, forcedEndToken, suppressedTokens = [], suppressedAtBegin = [] } = rules;
  const processors: LogitsProcessor[] = [];
  if (repetitionPenalty !== 1) {
    processors.push(penalizeRepetition(repetitionPenalty));
  }
  if (noRepeatNgramSize > 0) {
    processors.push(forbidRepeatedNgrams(noRepeatNgramSize));
  }
  if (badWords.length > 0) {
    processors.push(forbidSequences(badWords, endIds));
  }
  if (minLength > 0) {
    processors.push(delayEnd(minLength, endIds));
  }
  if (forcedBeginToken !== undefined) {
    processors.push(forceAt(1, forcedBeginToken));
  }
  if (forcedEndToken !== undefined) {
    processors.push(forceAt(maxLength - 1, forcedEndToken));
  }
  if (suppressedTokens.length > 0) {
    processors.push((scores) => forbid(scores, suppressedTokens));
  }
  if (suppressedAtBegin.length > 0) {
    const forced = promptLength === 1 && forcedBeginToken !== undefined;
    processors.push(forbidAt(promptLength + (forced ? 1 : 0), suppressedAtBegin));
  }
  return processors;
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
export function delayEnd(length: number, endIds: ReadonlySet<number>): LogitsProcessor {
  return (scores, ids) => {
    if (ids.length < length) {
      forbid(scores, endIds);
    }
  };
}

/** After so many tokens this one comes, and nothing else. */
export function forceAt(length: number, token: number): LogitsProcessor {
  return (scores, ids) => {
    if (ids.length === length) {
      scores.fill(-Infinity);
      scores[token] = 0;
    }
  };
}

/** After so many tokens none of these comes. */
export function forbidAt(length: number, tokens: Iterable<number>): LogitsProcessor {
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
