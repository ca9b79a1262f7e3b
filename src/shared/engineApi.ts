import type {
  HeadMap,
  HeadOrMean,
  HeadView,
  SiteScores,
  Thumbnails,
  TraceSummary,
} from './attention';
import type { FailureData } from './failure';
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
import type { Task, ModelChoice, RequestedLanguages, ModelSummary } from './modelSummary';
import type { ModelAbout } from './modelAbout';
import type { Costs } from './modelCost';
import type { CheckProgress, CheckReport } from './modelCheck';
import type { DiffProgress, ModelDiff } from './modelDiff';
import type { Inspection } from './modelOutline';
import type { ModelProfile, ProfileProgress } from './modelProfile';
import type { ModelStack } from './modelStack';
import type { ModuleGraph, NodeDetail } from './moduleGraph';
import type {
  SavedTensor,
  TensorId,
  TensorListing,
  TensorProgress,
  TensorStatistics,
  TensorTile,
  TensorWindow,
} from './tensorListing';
import type {
  GenerationOptions,
  StopAt,
  GeneratedText,
  Completion,
  FilledBlank,
} from './generation';
import type {
  TextToTextParams,
  TranslationParams,
  TextToTextProgress,
  TextToTextResult,
} from './textToText';

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
  /** What the files around the graphs of a model say of it; it needs none of them. */
  describe(params: { path: string }): ModelAbout;
  /**
   * What the models that {@link EngineApi.inspect} finds at a path take to run, as functions of the sizes
   * of a run. Weights are not loaded.
   */
  cost(params: { path: string }): Costs;
  /**
   * Reads from the graphs of a file or folder, as `inspect` takes it, how the stacks of the model are
   * built; none of what is no Transformer.
   */
  stack(params: { path: string }): ModelStack[];
  /** The graphs of a file or folder by the modules of their nodes; of many nodes within a second. */
  moduleGraphs(params: { path: string }): ModuleGraph[];
  /** What a node of one of them is: `node` is its index there. */
  nodeDetail(params: { file: string; node: number }): NodeDetail;
  /**
   * What is wrong with an ONNX file, or with the folder of a model and all model files in it. Reads all
   * weights. Progress: one {@link CheckProgress} now and then.
   */
  check(params: { path: string }): CheckReport;
  /**
   * How two models differ: graphs, numbers and, if it is to be run, what both make of a text. Paths are those
   * that {@link inspect} and {@link tensors} take. Reads all weights. Progress: {@link DiffProgress} now and
   * then.
   */
  diff(params: {
    a: string;
    b: string;
    /** Runs both on a text, one of ours if it is absent. */
    run?: { text?: string };
  }): ModelDiff;
  /**
   * Where the time goes when a model reads a text. `path` is a folder or one of its graphs; a sentence of ours is
   * read, and as often as a second takes, unless it is told otherwise. Progress: {@link ProfileProgress}.
   */
  profile(params: { path: string; text?: string; runs?: number }): ModelProfile;
  /**
   * The tensors of a model file (ONNX, safetensors or GGUF) or of a model folder, as {@link inspect} takes
   * its graphs. Reads headers, and a few elements of matrices that a graph may have twice.
   */
  tensors(params: { path: string }): TensorListing;
  /**
   * What the numbers of a tensor are, dequantised where they are quantised. Progress: now and then
   * {@link TensorProgress}. When cancelled it ends within some ten milliseconds.
   */
  tensorStatistics(params: { tensor: TensorId }): TensorStatistics;
  /** A stretch of a tensor scaled down to so many cells at most; only its rows are read. */
  tensorTile(params: {
    tensor: TensorId;
    window: TensorWindow;
    rows: number;
    columns: number;
  }): TensorTile;
  /**
   * A tensor as NumPy prints arrays (`numpy.array2string`). Of one with more elements than `threshold`,
   * which NumPy has at 1,000, the ends of each dimension.
   */
  tensorText(params: { tensor: TensorId; threshold: number }): { text: string };
  /**
   * Writes a tensor to a new `.npy` file, or with `replace` in the place of one: dequantised as float32,
   * else in its own type where NumPy has it. Progress: now and then {@link TensorProgress}. When
   * cancelled, nothing is left behind.
   */
  saveTensor(params: { tensor: TensorId; target: string; replace: boolean }): SavedTensor;
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
  headMap(params: { trace: string; site: string; head: HeadOrMean }): HeadView;
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
  check: CheckProgress;
  diff: DiffProgress;
  profile: ProfileProgress;
  tensorStatistics: TensorProgress;
  tensorTile: TensorProgress;
  saveTensor: TensorProgress;
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

/** What the engine says of itself, unasked: each time it changes, and once when it has started. */
export type EngineActivity =
  /** Started; no model is open. */
  | { state: 'idle' }
  | { state: 'loading'; model: string }
  /** `model` was opened last. */
  | { state: 'ready'; model: string }
  | { state: 'failed'; failure: FailureData };
