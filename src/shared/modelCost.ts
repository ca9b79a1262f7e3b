import type { Component } from './attention';

/** Sizes that vary from run to run, all in tokens but for `batch`. */
export interface RunSizes {
  /** Texts side by side. */
  batch: number;
  /** Tokens that a run reads: all of a prompt, or one where a token is written. */
  tokens: number;
  /** Tokens before them, whose keys and values are cached. */
  past: number;
  /** Tokens of the source, which a decoder with cross attention looks at. */
  source: number;
}

/** `coefficient` times each size to its power; no power is that of a size the term does not depend on. */
export interface CostTerm {
  coefficient: number;
  powers: Partial<Record<keyof RunSizes, number>>;
}

/** A quantity as a sum of terms, e.g. 2 · batch · tokens · 160 · 512 operations of one product. */
export type CostPolynomial = readonly CostTerm[];

/** What a graph takes to run, as functions of the sizes of a run. */
export interface GraphCost {
  /** Path of the model file. */
  file: string;
  component: Component;
  /** Floating-point operations of products of matrices and of convolutions, 2 for each multiply–add. */
  operations: CostPolynomial;
  /** Those of them that multiply queries by keys, and probabilities by values. */
  attentionOperations: CostPolynomial;
  /** Keys and values that are kept between runs: bytes behind a run. Empty where nothing is kept. */
  cacheBytes: CostPolynomial;
  /** The largest attention map of a layer. Unit: bytes. */
  mapBytes: CostPolynomial;
  /** Products that could not be counted, since a size of theirs is unknown. */
  uncounted: number;
}

/** What a model takes to run. */
export interface ModelCost {
  /** The encoder first. */
  graphs: GraphCost[];
  /** Weights once they are loaded, as stored. Unit: bytes. */
  weightBytes: number;
  /** Elements of the weights, by which other types of number can be reckoned. */
  weights: number;
  /** Positions that the model has; absent where nothing bounds them. */
  context?: number;
}
