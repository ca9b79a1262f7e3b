import type { Component } from './attention';
import type { UnreadFile } from './modelOutline';

/** Sizes that vary from run to run, all in tokens but for `batch`. */
export interface RunSizes {
  /** Texts side by side. */
  batch: number;
  /** Tokens that a run reads: all of a prompt, or one where a token is written. */
  tokens: number;
  /** Tokens before them, whose keys and values are cached. */
  past: number;
  /** Tokens of the source, which an encoder beside a decoder reads and cross attention looks at. */
  source: number;
}

/** `coefficient` times each size to its power; no power is that of a size the term does not depend on. */
export interface CostTerm {
  coefficient: number;
  powers: Partial<Record<keyof RunSizes, number>>;
}

/**
 * A quantity as a sum of terms, e.g. 2 · batch · tokens · 160 · 512 operations of one product. No two
 * terms have the same powers, and none has the coefficient 0; the empty sum is 0. `costAt` evaluates it.
 */
export type CostPolynomial = readonly CostTerm[];

/** Tensors of a run: their elements, by which other types of number can be reckoned, and their bytes. */
export interface TensorCost {
  elements: CostPolynomial;
  /** As the graph stores them. */
  bytes: CostPolynomial;
}

/** What a graph takes to run, as functions of the sizes of a run. */
export interface GraphCost {
  /** Path of the model file. */
  file: string;
  component: Component;
  /**
   * The runs that these figures are of: the first one, which has no cache, or those after it. Absent
   * where one graph does for all. A merged decoder, which has both in branches, is told twice.
   */
  run?: 'prompt' | 'step';
  /**
   * Operations of products of matrices and of convolutions, 2 for each multiply–add. Those of a
   * quantised graph are counted as its twin's in floating point.
   */
  operations: CostPolynomial;
  /** Those of them that multiply queries by keys, and probabilities by values. Masked pairs count. */
  attentionOperations: CostPolynomial;
  /**
   * Keys and values, and other states, that are kept behind a run. Empty sums where nothing is; absent
   * where a size of theirs is unknown.
   */
  cache?: TensorCost;
  /**
   * Attention maps of known sizes, [batch, heads, queries, keys], each kind of size once: the largest of
   * them counts, since layers run one after another. Operators that fuse attention need not hold it whole.
   */
  maps: TensorCost[];
  /**
   * Operators that multiply matrices and are not counted: a size of theirs is unknown, they stand in a
   * loop or function, or their inner workings depend on what they are given.
   */
  uncounted: number;
}

/** What a model takes to run. */
export interface ModelCost {
  /** The file or folder that was asked for. */
  path: string;
  /** The encoder first. */
  graphs: GraphCost[];
  /** Weights of all files once they are loaded, as stored, whatever is stored twice included. Unit: bytes. */
  weightBytes: number;
  /** Parameters, each once, by which other types of number can be reckoned. */
  weights: number;
  /** Tokens that a stack can see at once; absent where no configuration tells. */
  context?: number;
}

/** What the models take that a path holds: one, or of a folder whose files nothing connects one for each. */
export interface Costs {
  models: ModelCost[];
  /** Files beside them that cannot be read, and why. */
  unread: UnreadFile[];
}
