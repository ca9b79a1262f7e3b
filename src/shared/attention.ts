import type { NamedToken, Token } from './text';

/** Which stack of the model an attention layer belongs to. */
export type Component = 'encoder' | 'decoder';

/** What may attend to what: everything to everything, backwards only, or decoder to encoder. */
export type AttentionKind = 'self' | 'masked' | 'cross';

/** A head of a trace. */
export interface HeadId {
  site: string;
  head: number;
}

/** A head of a layer by its index, or the mean of all its heads. */
export type HeadOrMean = number | 'mean';

/** Which head of which site is shown, or whether the mean of its heads is. */
export interface HeadChoice {
  site: string;
  head: HeadOrMean;
}

/**
 * Whether the mean of a layer's heads is shown beside them: where it tells what the words of a result
 * have to do with those of the source.
 */
export function hasMean({ kind, heads }: Pick<AttentionSite, 'kind' | 'heads'>): boolean {
  return kind === 'cross' && heads > 1;
}

/** Which token of the result a row of cross attention is about: the one read there, or the next one. */
export type RowAlignment = 'own' | 'next';

/** One attention layer of one run, with figures for each of its heads. */
export interface AttentionSite {
  /**
   * TransformerLens name of the layer without the hook, e.g. `blocks.0.attn`,
   * `encoder.blocks.0.attn` or `decoder.blocks.0.cross_attn`. The probabilities are its
   * `hook_pattern`.
   */
  id: string;
  component: Component;
  kind: AttentionKind;
  /** Index of the layer within its component. */
  layer: number;
  heads: number;
  /** Number of query tokens: rows of each head's map. */
  queries: number;
  /** Number of key tokens: columns of each head's map. */
  keys: number;
  /** By head. */
  statistics: HeadStatistics[];
}

/**
 * Figures of one head, averaged over its queries. In cross attention `distance`, `onSelf` and
 * `onPrevious` compare places in two texts, and say little.
 */
export interface HeadStatistics {
  /** Mean entropy of the rows, in nats: 0 is one key only, ln(keys) is all keys alike. */
  entropy: number;
  /** Mean of the rows' largest probability, 0…1. */
  maximum: number;
  /** Mean of the expected distance |query − key|, in tokens. */
  distance: number;
  /** Mean probability on the first key, 0…1. */
  onFirst: number;
  /** Mean probability on the query's own position, 0…1. */
  onSelf: number;
  /** Mean probability on the position before the query, 0…1; queries without one left out. */
  onPrevious: number;
  /**
   * Mutual information of query and key, in nats: what the query tells of the key that it attends to.
   * 0 when all queries attend alike; at most ln(min(queries, keys)), when each has a key to itself.
   */
  information: number;
}

/**
 * What a head does, in one word.
 * - `previousToken`, `currentToken`, `nextToken`, `separator`: most of its attention goes there;
 * - `attentionSink`: most of its attention rests on the first token (Xiao et al., 2024, "Efficient Streaming
 *   Language Models with Attention Sinks");
 * - `duplicateToken`: most of the attention of tokens that stand elsewhere as well goes there, as
 *   TransformerLens calls it;
 * - `positional`: the offset from query to key foretells it;
 * - `broad`: it goes nearly evenly everywhere;
 * - `aligning`: its queries look at the source sharply and each elsewhere, those that follow one another
 *   at places near to each other;
 * - `monotone`: the place in the source that it looks at most moves on with the result.
 */
export type HeadKind =
  | 'previousToken'
  | 'currentToken'
  | 'nextToken'
  | 'attentionSink'
  | 'duplicateToken'
  | 'separator'
  | 'positional'
  | 'broad'
  | 'aligning'
  | 'monotone';

/** A kind, and the figure that it rests on. */
export interface LabelledHead {
  kind: HeadKind;
  /**
   * The share of the attention that goes where the kind says, 0…1; of `positional` the share that
   * offsets foretell, of `broad` the entropy over the largest possible, of `monotone` a rank
   * correlation, of `aligning` the step from one query's place to the next one's over that of queries in
   * random order (`src/trace/neighbourSteps.ts`).
   */
  figure: number;
  /**
   * The same figure of a head that does not choose: all keys that a query sees get the same, of which
   * the `broad` figure is 1. Of `aligning` and `monotone` it is that of queries in random order, 1 and 0.
   */
  chance: number;
  /** The figure that the kind begins at on this text; of `aligning` the largest that it may be. */
  limit: number;
  /** The queries that the figure is about, and all that see more than one key. */
  queries: { counted: number; all: number };
}

/**
 * What a head does on a text: its kind, or else what it attends to most. Of a text with less than `needed`
 * queries that see more than one key nothing is told: there are `queries`.
 */
export type HeadDescription =
  | LabelledHead
  | { kind: 'mixed'; targets: TopTarget[] }
  | { kind: 'tooShort'; queries: number; needed: number };

/**
 * What a head attends to more than by chance: a place by what it is to the query, the first token, or
 * the other tokens that read alike.
 */
export interface TopTarget {
  target: 'self' | 'previousToken' | 'nextToken' | 'firstToken' | 'token';
  /** Of `firstToken` and `token`: as `tokenLabels` writes it. */
  label?: string;
  /** Mean of the attention that the queries pay to it, 0…1; one that does not see it pays none. */
  figure: number;
  /** The same if all keys that a query sees got the same. */
  chance: number;
}

/**
 * What a head does on random tokens that come twice, the second time in the same order: means over the
 * tokens of the second copy, 0…1.
 */
export interface HeadScores {
  /** Attention to the token behind the first copy of the same token. */
  induction: number;
  /** Attention to the first copy of the same token. */
  duplicateToken: number;
  /** Attention to the token before. */
  previousToken: number;
}

/** What a head is by its {@link HeadScores}. */
export type ScoredKind = keyof HeadScores;

/** Scores, and what they make of the head. */
export interface MeasuredScores extends HeadScores {
  /** What each score were if all keys that a query sees got the same. */
  chance: number;
  /** Absent where no score reaches `limit`. */
  kind?: ScoredKind;
  /** The score that a kind begins at. */
  limit: number;
}

/** The scores of a layer's heads; they are the model's, and of no text. */
export interface SiteScores {
  site: string;
  /** By head. */
  heads: MeasuredScores[];
}

/** A token of a traced text, with what the model thought of it before it saw it. */
export interface TracedToken extends Token {
  /** Absent where nothing precedes the token, and in models that do not predict the next one. */
  prediction?: Prediction;
}

/** How the model rated a token, given only what precedes it. */
export interface Prediction {
  /** Probability of the token that stands there, 0…1. */
  probability: number;
  /** 1 is the model's first choice. */
  rank: number;
  /** What the model held most likely instead, best first. */
  best: (NamedToken & { probability: number })[];
}

/**
 * The tokens that each stack reads: a decoder-only model has the decoder's alone, an encoder-only
 * model the encoder's alone. An encoder–decoder model's `decoder` tokens start with the one that
 * begins every output; their offsets count in the target text.
 */
export type TracedSequences = Partial<Record<Component, TracedToken[]>>;

/** The tokens whose queries are a site's rows. */
export function queryTokens(sequences: TracedSequences, { component }: SiteSides): TracedToken[] {
  return sequences[component] ?? [];
}

/** The tokens whose keys are a site's columns: in cross attention the encoder's. */
export function keyTokens(
  sequences: TracedSequences,
  { component, kind }: SiteSides,
): TracedToken[] {
  return sequences[kind === 'cross' ? 'encoder' : component] ?? [];
}

/** Whether a trace is of an encoder–decoder model, which has a source and a result. */
export function isEncoderDecoder({ sequences }: Pick<TraceSummary, 'sequences'>): boolean {
  return sequences.encoder !== undefined && sequences.decoder !== undefined;
}

type SiteSides = Pick<AttentionSite, 'component' | 'kind'>;

/** What a trace is about, without its maps: these stay in the engine and are asked for singly. */
export interface TraceSummary {
  /** Names the trace in later calls, until it is released or the engine ends. */
  trace: string;
  model: { name: string; folder: string };
  sequences: TracedSequences;
  sites: AttentionSite[];
  /** The text that the decoder of an encoder–decoder model read, given or generated. */
  target?: string;
  /** How much of the text was used when all of it did not fit. */
  truncation?: Truncation;
  /** The same of the target. */
  targetTruncation?: Truncation;
  /** Stacks some of whose layers have no attention map; absent if all have one. */
  mapless?: LayersWithMaps[];
}

/** How many of a stack's layers have an attention map of their tokens over each other. */
export interface LayersWithMaps {
  component: Component;
  maps: number;
  layers: number;
}

/** Says that a text was longer than the model's context window. Unit: tokens. */
export interface Truncation {
  used: number;
  total: number;
  /** The window's size. */
  context: number;
  /** Which part was kept; the middle is what stands around a blank. */
  kept: 'start' | 'middle' | 'end';
}

/** All maps of one layer, scaled down, for an overview. */
export interface Thumbnails {
  rows: number;
  columns: number;
  /**
   * [head][row][column], 0 … 255 for 0 … `maximum[head]`. A cell is the largest of its part. Where a
   * layer's mean is shown ({@link hasMean}), it follows the last head.
   */
  values: Uint8Array;
  /** By head, and the mean if it is there: the largest probability of the whole map. */
  maximum: number[];
}

/** One head's attention probabilities. */
export interface HeadMap {
  queries: number;
  keys: number;
  /** [query][key], 0…1. */
  values: Float32Array;
}

/** The probabilities of one head or of a layer's mean, and what it does with them. */
export interface HeadView extends HeadMap {
  statistics: HeadStatistics;
  /** Absent of a mean, which is no head. */
  reading?: HeadDescription;
  /** In cross attention: which token of the result each row is about. */
  rows?: RowAlignment;
}
