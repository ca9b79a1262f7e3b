import type {
  AttentionKind,
  Component,
  HeadMap,
  Thumbnails,
  TraceSummary,
  Truncation,
} from './attention';
import type { FailureData } from './failure';
import type { Token } from './text';

/**
 * Everything the engine process does. A method takes one parameter object and gives one answer;
 * long ones report progress and stop when cancelled. All values survive structured cloning.
 *
 * Failures arrive as `Failure`; a cancelled generation is no failure, it answers with
 * `stop: 'cancelled'` and what it has.
 */
export interface EngineApi {
  /** Opens a model folder (or finds it open) and describes it. */
  openModel(params: { model: string }): ModelSummary;
  /** Describes an ONNX file, or the one of a model folder, without loading its weights. */
  inspect(params: { path: string }): ModelOutline;
  /** Tokenizes a text, special tokens included. `model` needs no more than a tokenizer. */
  tokenize(params: { model: string; text: string }): { tokens: Token[] };
  /** Goes on with a text. Progress: one {@link GeneratedText} after each token. */
  complete(params: { model: string; text: string; options: GenerationOptions }): Completion;
  /** Runs a text through the model and keeps every attention map. */
  trace(params: { model: string; text: string }): TraceSummary;
  /** Scaled-down maps of all heads of one site, `size` cells at most on each side. */
  thumbnails(params: { trace: string; site: string; size: number }): Thumbnails;
  /** The whole map of one head. */
  headMap(params: { trace: string; site: string; head: number }): HeadMap;
  /** What one query attends to in one head: `keys` probabilities. */
  headRow(params: { trace: string; site: string; head: number; query: number }): Float32Array;
  /** Forgets a trace and frees its memory. Unknown traces are ignored. */
  releaseTrace(params: { trace: string }): void;
}

/** What a method reports while it works; methods that are not named report nothing. */
export interface EngineProgress {
  complete: GeneratedText;
}

/** What the engine says of itself, unasked: each time it changes, and once when it has started. */
export type EngineActivity =
  /** Started; no model is open. */
  | { state: 'idle' }
  | { state: 'loading'; model: string }
  /** `model` was opened last. */
  | { state: 'ready'; model: string }
  | { state: 'failed'; failure: FailureData };

/** What is known of an opened model. */
export interface ModelSummary {
  name: string;
  folder: string;
  /** `model_type` of config.json. */
  family: string;
  layers: number;
  heads: number;
  vocabulary: number;
  /** Tokens the model can see at once. */
  context: number;
  /** The weights' file, relative to the folder. */
  file: string;
  keyValueCache: boolean;
}

/** What an ONNX file says of itself. */
export interface ModelOutline {
  file: string;
  producer: string;
  irVersion: number;
  /** Versions of the operator sets; the domain of ONNX itself is `ai.onnx`. */
  opsets: { domain: string; version: number }[];
  inputs: ValueOutline[];
  outputs: ValueOutline[];
  /** Elements of all initializers together. */
  parameters: number;
  /** How often each operator occurs, most frequent first. */
  operators: { name: string; count: number }[];
  /** Attention layers whose maps can be tapped. */
  attention: { id: string; component: Component; kind: AttentionKind; layer: number }[];
}

/** A model's input or output: sizes that vary have a name, unknown ones are null. */
export interface ValueOutline {
  name: string;
  dtype?: string;
  shape?: (number | string | null)[];
}

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
  /** 1 leaves repeated tokens as likely as they are; larger makes them less likely. */
  repetitionPenalty?: number;
  /** The same seed draws the same tokens. */
  seed?: number;
}

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

export interface Completion {
  /** The new text alone. */
  text: string;
  tokens: GeneratedToken[];
  stop: StopReason;
  timing: Timing;
  truncation?: Truncation;
}

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
