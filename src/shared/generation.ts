import type { Truncation } from './attention';
import type { ResultWarning } from './resultWarning';
import type { TextRange } from './text';

/**
 * How the next token is chosen and when to stop. What is absent is as the model's
 * generation_config.json recommends, as in Hugging Face's `generate`.
 */
export interface GenerationOptions {
  /** At least 1. */
  maxNewTokens: number;
  /** 0 takes the most likely token (greedy); larger is more random. */
  temperature?: number;
  /** Only the k most likely tokens may be drawn; 0 means all. */
  topK?: number;
  /** Only the smallest set of tokens that reaches this probability may be drawn, 0 < p ≤ 1. */
  topP?: number;
  /** How many texts are followed side by side; 1 is none but the text itself. */
  beams?: number;
  /** 1 leaves repeated tokens as likely as they are; larger makes them less likely. */
  repetitionPenalty?: number;
  /** From 0 to `LARGEST_SEED`. The same seed draws the same tokens. */
  seed?: number;
}

/**
 * Where a completion stops by itself. Running text stops at the end of its paragraph, or of a sentence
 * when there is enough of it; code at the end of the statement or block that it goes on with.
 */
export type StopAt = 'sentence' | 'block';

/** What came with one step: text that is complete so far, and the token behind it. */
export interface GeneratedText {
  /** To be appended; empty while a character is still in the making. */
  delta: string;
  token: GeneratedToken;
}

export interface GeneratedToken {
  id: number;
  text: string;
  /** Natural logarithm of the probability that the model itself gave the token. */
  logprob: number;
}

/** Why a generation ended. */
export type StopReason = 'end' | 'length' | 'context' | 'cancelled';

/** Milliseconds of wall-clock time. */
export interface Timing {
  /** Opening the model; 0 when it was open. */
  loadMs: number;
  /** The run over the prompt, up to the first token. */
  prefillMs: number;
  /** Everything after the first token. */
  decodeMs: number;
  /** Tokens after the first one by `decodeMs`; 0 when there were none. */
  tokensPerSecond: number;
}

/** A text that a model wrote. */
export interface WrittenText {
  text: string;
  stop: StopReason;
  /** Whether tokens were drawn at random, as the options or else the model's settings want it. */
  sampled: boolean;
  timing: Timing;
  warnings: ResultWarning[];
  /** Words of the text that the model was unsure of, in order. */
  unsure: UnsureWord[];
}

/** Its text is the new text alone. */
export interface Completion extends WrittenText {
  /** Those of the text, and where it stopped by itself the one that its end was seen by. */
  tokens: GeneratedToken[];
  /** Of what the new text was to follow. */
  truncation?: Truncation;
}

/** What a fill-mask model would put into a blank. */
export interface FilledBlank {
  /** Best first. */
  candidates: { id: number; text: string; probability: number }[];
  truncation?: Truncation;
  warnings: ResultWarning[];
}

/** A word of a result, and the probability that its model gave it. */
export interface UnsureWord extends TextRange {
  /** The product of its tokens'. */
  probability: number;
}
