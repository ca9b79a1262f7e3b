import type {
  AttentionKind,
  Component,
  HeadMap,
  HeadOrMean,
  OpenedHead,
  SiteScores,
  Thumbnails,
  TraceSummary,
  Truncation,
} from './attention';
import type { FailureData } from './failure';
import type {
  CompatibilityOutline,
  ConstantOutline,
  DtypeOutline,
  ModuleOutline,
  OperatorCount,
  QuantizationOutline,
  RepeatedMatrix,
  ShapeCoverage,
  SizeOutline,
} from './modelOutline';
import type {
  Effect,
  EffectElsewhere,
  HookPoint,
  LayersDone,
  LensLayer,
  PiecesDone,
  RecordedPoint,
  Rollout,
} from './referenceRun';
import type { TextRange, Token } from './text';
import type { Verification } from './verification';

/**
 * Everything the engine process does. A method takes one parameter object and gives one answer;
 * long ones report progress and stop when cancelled. All values survive structured cloning.
 *
 * Failures arrive as `Failure`; a cancelled generation is no failure, it answers with
 * `stop: 'cancelled'` and what it has.
 */
export interface EngineApi {
  /**
   * Opens a model (or finds it open) and describes it. With a `use` it is tried out for that: when it
   * is refused, what the engine says of itself stays as it was, for no model in use is the worse.
   */
  openModel(params: { model: ModelChoice; use?: Task | 'trace' }): ModelSummary;
  /**
   * Describes an ONNX file, or those of a model folder, without loading their weights. There are
   * several outlines of a folder whose files nothing says to be of one model; of these each that
   * cannot be read is told apart from the others.
   */
  inspect(params: { path: string }): Inspection;
  /** Tokenizes a text, special tokens included. `model` needs no more than a tokenizer. */
  tokenize(params: { model: ModelChoice; text: string }): { tokens: Token[] };
  /**
   * Goes on with a text; where `stopAt` is given, no further than that. Progress: one
   * {@link GeneratedText} after each token.
   */
  complete(params: {
    model: ModelChoice;
    text: string;
    stopAt?: StopAt;
    options: GenerationOptions;
  }): Completion;
  /**
   * Translates a text, sentence by sentence; line breaks and what stands before a line's first word
   * (indentation, comment and list marks) stay, and so do code, addresses, placeholders and the marks
   * of Markdown. Progress: one {@link TextToTextProgress} after each token.
   */
  translate(params: TranslationParams): TextToTextResult;
  /**
   * Says a text in fewer words; one that does not fit the model's context is split at sentence
   * borders and summarized part by part. Progress: one {@link TextToTextProgress} after each token.
   */
  summarize(params: TextToTextParams): TextToTextResult;
  /** What could stand in place of a part of a text. */
  fillMask(params: {
    model: ModelChoice;
    text: string;
    /** The part that is hidden from the model; not empty. */
    blank: TextRange;
    /** How many candidates are wanted, at least 1. */
    count: number;
  }): FilledBlank;
  /**
   * Runs a text through the model and keeps every attention map. An encoder–decoder model reads the
   * text in its encoder, and in its decoder `target`, or what it generates itself when that is absent;
   * it can be told its languages as when it translates.
   */
  trace(params: {
    model: ModelChoice;
    text: string;
    target?: string;
    languages?: RequestedLanguages;
  }): TraceSummary;
  /**
   * Scaled-down maps of all heads of one site, and of their mean where it is shown; `size` cells at
   * most on each side.
   */
  thumbnails(params: { trace: string; site: string; size: number }): Thumbnails;
  /** The whole map of one head, or of the mean of a layer's heads. */
  headMap(params: { trace: string; site: string; head: HeadOrMean }): OpenedHead;
  /** What one query attends to there: `keys` probabilities. */
  headRow(params: { trace: string; site: string; head: HeadOrMean; query: number }): Float32Array;
  /**
   * What the heads of a trace's model do on random tokens that are repeated, whatever the traced text
   * is; measured once. None of an encoder–decoder model.
   */
  headScores(params: { trace: string }): SiteScores[];
  /** Holds a trace and the model's logits against the reference Transformer. */
  verify(params: { trace: string }): Verification;
  /** What the reference can record on its way. */
  hookPoints(params: { trace: string }): HookPoint[];
  /** Values that the reference computes for a trace's tokens, by the names of their hook points. */
  record(params: { trace: string; points: string[] }): RecordedPoint[];
  /** What it does to a trace's text when one head is silenced in the reference. */
  ablate(params: { trace: string; site: string; head: number }): Effect;
  /**
   * What the same does to further pieces of text, about as long as the trace's and cut at the borders
   * of sentences. An encoder–decoder model makes a result of each.
   */
  ablateElsewhere(params: {
    trace: string;
    site: string;
    head: number;
    /** Texts that pieces are cut of, e.g. what stands before and behind the traced text. */
    texts: string[];
  }): EffectElsewhere;
  /** The same when some tokens cannot be attended to: padding to all that read them. */
  maskTokens(params: { trace: string; tokens: number[] }): Effect;
  /** What the output layer makes of the residual stream before each layer, and in the end. */
  logitLens(params: { trace: string }): LensLayer[];
  /**
   * How tokens mix from layer to layer, the stacks by themselves: an estimate from attention alone,
   * which favours the first token in decoders.
   */
  rollout(params: { trace: string }): Rollout[];
  /** One head's attention, weighted by the length of what each key adds through it. */
  valueMap(params: { trace: string; site: string; head: number }): HeadMap;
  /** Forgets a trace and frees its memory. Unknown traces are ignored. */
  releaseTrace(params: { trace: string }): void;
}

/** What a method reports while it works; methods that are not named report nothing. */
export interface EngineProgress {
  complete: GeneratedText;
  translate: TextToTextProgress;
  summarize: TextToTextProgress;
  verify: LayersDone;
  record: LayersDone;
  ablate: LayersDone;
  ablateElsewhere: PiecesDone;
  maskTokens: LayersDone;
  logitLens: LayersDone;
  valueMap: LayersDone;
}

/** What Headlight ships a model for. */
export type Task = 'complete' | 'translate' | 'summarize' | 'fillMask';

/** Which model to use: the one in a folder, or the one that Headlight ships for a task. */
export type ModelChoice = { folder: string } | { bundled: Task };

/** What the engine says of itself, unasked: each time it changes, and once when it has started. */
export type EngineActivity =
  /** Started; no model is open. */
  | { state: 'idle' }
  | { state: 'loading'; model: string }
  /** `model` was opened last. */
  | { state: 'ready'; model: string }
  | { state: 'failed'; failure: FailureData };

/**
 * Languages to translate between, by any code for them or their names; what is absent is as the model
 * has it.
 */
export interface RequestedLanguages {
  source?: string;
  target?: string;
}

/** A language that a model has. */
export interface ModelLanguage {
  /** As the model writes it: `fr`, `fra_Latn`, `fr_XX`. */
  code: string;
  /** BCP 47 tag; absent where the code is none that is known. */
  tag?: string;
}

/** What is known of an opened model. */
export interface ModelSummary {
  name: string;
  folder: string;
  /** `model_type` of config.json. */
  family: string;
  /** Layers of each stack that the model has. */
  layers: Partial<Record<Component, number>>;
  /** Attention heads of a layer. */
  heads: number;
  vocabulary: number;
  /** Tokens the model can see at once. */
  context: number;
  /** The graphs' files, relative to the folder. */
  files: string[];
  keyValueCache: boolean;
  /** What a decoder without an output layer returns in place of logits: it can be traced, but not write. */
  instead?: string;
  /** Languages that it can be told to translate between; absent where it cannot be told. */
  languages?: {
    /** Empty where it need not be told. */
    sources: ModelLanguage[];
    targets: ModelLanguage[];
    /** Code of the one that it takes when no target is named; absent where it has to be named. */
    defaultTarget?: string;
    /** Whether it reads every text in a language; T5 also reads texts for other tasks. */
    always: boolean;
  };
}

/**
 * What an ONNX file says of itself; or what the files of a folder say together, the folder then
 * being the `file`. A decoder that is there twice, with and without a cache, is counted once, save
 * for its size on disk and for what the runtime makes of it.
 */
export interface ModelOutline {
  file: string;
  producer: string;
  irVersion: number;
  /** Versions of the operator sets; the domain of ONNX itself is `ai.onnx`. */
  opsets: { domain: string; version: number }[];
  inputs: ValueOutline[];
  /** Sizes that the file does not tell are inferred where that is possible. */
  outputs: ValueOutline[];
  /**
   * As `sum(p.numel() for p in model.parameters())` of PyTorch counts them: shared ones once, wherever and
   * however often they are stored, and constants of the graph not at all.
   */
  parameters: number;
  /** The parameters by the type of their elements, the largest part first. */
  dtypes: DtypeOutline[];
  /** Initializers that are no parameters, the largest part first. */
  constants: ConstantOutline[];
  /** Parameters that are stored more than once, the largest first. */
  repeated: RepeatedMatrix[];
  size: SizeOutline;
  quantization: QuantizationOutline;
  /** The model itself, with its modules; of several files, the files. */
  modules: ModuleOutline;
  /** How often each operator occurs, most frequent first; in branches and functions, too. */
  operators: OperatorCount[];
  compatibility: CompatibilityOutline;
  shapes: ShapeCoverage;
  /** Attention layers whose maps can be tapped. */
  attention: AttentionOutline[];
  /** Why there is none, if there is none. */
  withoutAttention?: FailureData;
  /** The files one by one, the encoder first; absent where there is one alone. */
  parts?: ModelOutline[];
}

/** An attention layer of a file. */
export interface AttentionOutline {
  id: string;
  component: Component;
  kind: AttentionKind;
  layer: number;
  /** That of its map, [batch, heads, queries, keys], where it is known. */
  shape?: (number | string | null)[];
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
  /** How many texts are followed side by side; 1 is none but the text itself. */
  beams?: number;
  /** 1 leaves repeated tokens as likely as they are; larger makes them less likely. */
  repetitionPenalty?: number;
  /** From 0 to `LARGEST_SEED`. The same seed draws the same tokens. */
  seed?: number;
}

/** As {@link GenerationOptions}; without `maxNewTokens` the model's own limit holds, for each part. */
export type TextToTextOptions = Omit<GenerationOptions, 'maxNewTokens'> &
  Partial<Pick<GenerationOptions, 'maxNewTokens'>>;

/** What a text is rewritten from. */
export interface TextToTextParams {
  model: ModelChoice;
  text: string;
  /** Whether the text is a Markdown or MDX document, or a part of one; it is plain if nothing is said. */
  format?: TextFormat;
  options: TextToTextOptions;
}

export interface TranslationParams extends TextToTextParams {
  languages?: RequestedLanguages;
  /** Labels of links that a Markdown document defines outside of the text: they are not translated. */
  labels?: string[];
}

/** In plain text, Markdown counts within lines only: comments of documentation have it there. */
export type TextFormat = 'plain' | 'markdown' | 'mdx';

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

export interface Completion {
  /** The new text alone. */
  text: string;
  /** Those of the text, and where it stopped by itself the one that its end was seen by. */
  tokens: GeneratedToken[];
  stop: StopReason;
  /** Whether tokens were drawn at random, as the options or else the model's settings want it. */
  sampled: boolean;
  timing: Timing;
  truncation?: Truncation;
  warnings: ResultWarning[];
  /** Words of the text that the model was unsure of, in order. */
  unsure: UnsureWord[];
}

/** A step of a translation or summary. */
export interface TextToTextProgress extends Omit<GeneratedText, 'token'> {
  /** Absent when `delta` was copied from the source: line breaks, indentation, list marks. */
  token?: GeneratedToken;
  /** Index of the part being worked on. */
  part: number;
  parts: number;
  /**
   * Where in the source the part begins, with what is copied before it. The result of what precedes is
   * whole.
   */
  from: number;
}

/** A translation or a summary. */
export interface TextToTextResult {
  /** The deltas of all steps, joined. */
  text: string;
  /** Codes of the languages that a translation is between, as far as they are known. */
  languages?: { source?: string; target?: string };
  /** In the order of the source. Text between the parts was copied. */
  parts: TextToTextPart[];
  stop: StopReason;
  /** As in {@link Completion}. */
  sampled: boolean;
  timing: Timing;
  /** Of the first sentence that had to be cut inside a clause; all of it was read nevertheless. */
  truncation?: Truncation;
  warnings: ResultWarning[];
  /** Words of the text that the model was unsure of, in order. */
  unsure: UnsureWord[];
}

/** A word of a result, and the probability that its model gave it. */
export interface UnsureWord extends TextRange {
  /** The product of its tokens'. */
  probability: number;
}

/** One sentence, or as much as the model can read at once. */
export interface TextToTextPart {
  /** Where it stands in the text that was given. */
  source: TextRange;
  text: string;
  tokens: GeneratedToken[];
}

/** What a fill-mask model would put into a blank. */
export interface FilledBlank {
  /** Best first. */
  candidates: { id: number; text: string; probability: number }[];
  truncation?: Truncation;
  warnings: ResultWarning[];
}

/** What a path holds. */
export interface Inspection {
  outlines: ModelOutline[];
  /** Files beside them that cannot be read, and why. */
  unread: UnreadFile[];
}

export interface UnreadFile {
  /** Absolute path. */
  file: string;
  failure: FailureData;
}

/** Words, and the sentence of the text that they are in; without it where the text has no other. */
export interface WordsOfSentence {
  words: string[];
  sentence?: string;
}

/** Why a result may be worth little. */
export type ResultWarning =
  /** The model wrote nothing. */
  | { kind: 'empty' }
  /** The result repeats itself. */
  | { kind: 'repetition' }
  /** A translation came out in the language of its source, or the source is in the target's. */
  | { kind: 'sameLanguage' }
  /** Sentences that stayed as they are, being in the language to translate into already. */
  | { kind: 'alreadyTranslated'; sentences: string[] }
  /** Characters of the text that the model does not know, the most frequent first. */
  | { kind: 'unknownCharacters'; characters: string[]; share: number }
  /** The text is unlike what the model was trained on, or these sentences of it are. */
  | { kind: 'unfamiliar'; sentences?: string[] }
  /** The model says of itself that its results are mostly wrong. */
  | { kind: 'unreliable' }
  /** The model's settings ask for what Headlight does not do: `name = value`. */
  | { kind: 'unmetSettings'; settings: string[] }
  /** The model's settings have values that make no sense and are left out: `name = value`. */
  | { kind: 'invalidSettings'; settings: string[] }
  /** A summary has no fewer letters and digits than its source. */
  | { kind: 'notShorter' }
  /** A summary was broken off, since it would have had as many tokens as its source. */
  | { kind: 'heldShort' }
  /** Sentences whose marks the model did not copy, so that their words were translated apart. */
  | { kind: 'apart'; sentences: string[] }
  /** Sentences that stayed as they are, since the model would not keep their marks at all. */
  | { kind: 'untranslated'; sentences: string[] }
  /** Code, addresses, placeholders and marks that a result lacks, or has and the text has not. */
  | { kind: 'pieces'; missing: string[]; added: string[] }
  /** Names that a translation lacks, or has and the text has not. */
  | { kind: 'names'; missing: string[]; added: string[] }
  /** Words of the text that nothing in a translation seems to stand for. */
  | { kind: 'lostWords'; found: WordsOfSentence[] }
  /** Words of the text that the translator hardly met in training. */
  | { kind: 'rareWords'; found: WordsOfSentence[] }
  /** Sentences of the text that deny something where their translations do not, or the other way round. */
  | { kind: 'negation'; lost: string[]; added: string[] }
  /** The model gave its words less probability than it does where it is right; of these parts of the text. */
  | { kind: 'unsure'; sentences: string[] }
  /** Words that a sentence of a continuation says again, which mostly means that it goes in a circle. */
  | { kind: 'saidAgain'; words: string[] }
  /** Words of a summary that the text does not have. */
  | { kind: 'newWords'; words: string[] }
  /** Sentences of a summary that are no whole sentences of the text. */
  | { kind: 'pieced'; sentences: string[] };

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
