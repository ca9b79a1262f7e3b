import type { AttentionKind, Component } from './attention';

/**
 * How a stack of a model is built, as its graph tells. What the graph does not tell is absent.
 *
 * Parameters are those of the weights in the file, each once however often it is used; scales of quantised
 * weights and other constants are none.
 */
export interface ModelStack {
  /** Path of the model file. */
  file: string;
  component: Component;
  /** Size of the residual stream. */
  width?: number;
  embedding?: EmbeddingPart;
  /** All that are found; where tokens mix with no regard to their order, none. */
  positions: PositionScheme[];
  /** In the order in which they are computed, equal neighbours together. */
  blocks: BlockRun[];
  /** The norm behind the last block. */
  finalNorm?: NormKind;
  unembedding?: UnembeddingPart;
}

export interface EmbeddingPart {
  vocabulary: number;
  /** Of a vector in the table, which may be projected to that of the stream. */
  width: number;
  /** Of the table. */
  parameters: number;
  /** What the vectors are multiplied by, e.g. √d_model. */
  scale?: number;
  /** The norm of the sum of vectors and positions. */
  norm?: NormKind;
  /** Whether it is the matrix of another stack's embedding once more, which comes before. */
  isTied: boolean;
}

/** The product that makes scores for each of the last states. */
export interface UnembeddingPart {
  outputs: number;
  /** Features that it reads. */
  width: number;
  parameters: number;
  /** Whether it is the matrix of the embedding once more. */
  isTied: boolean;
}

/** How a stack knows where a token stands. */
export type PositionScheme =
  /**
   * Vectors that are added to the embedding: of sines and cosines, or learned. Those that are computed in
   * each run have no table, and no end.
   */
  | { kind: 'sinusoidal' | 'learned'; positions?: number; width: number }
  /** A table that is added to the embedding, and whose numbers could not be read. */
  | { kind: 'table'; positions: number; width: number }
  /** Queries and keys are rotated (Su et al. 2021). */
  | { kind: 'rotary' }
  /** Scores get a learned number by the distance (Raffel et al. 2020). */
  | { kind: 'relativeBias'; buckets: number }
  /** Scores get products of queries or keys with vectors of the distance (Shaw et al. 2018). */
  | { kind: 'relativeVectors' }
  /** Scores get less the farther away a key is (Press et al. 2022). */
  | { kind: 'linearBias' }
  /** A convolution over the states before the first block is added to them (Baevski et al. 2020). */
  | { kind: 'convolution' };

export type NormKind = 'layerNorm' | 'rmsNorm';

/** Equal blocks, one behind the other. */
export interface BlockRun {
  /** Index of the first one within its component, from 0. */
  first: number;
  count: number;
  /** Of one block, its norms included. */
  parameters: number;
  /** Whether all have the same weights, so that the parameters are there once. */
  sharesWeights: boolean;
  /** In the order in which they add to the residual stream. */
  parts: BlockPart[];
}

/** A part of a block, which reads the residual stream and adds to it. */
export type BlockPart = (AttentionPart | FeedForwardPart | OtherPart) & {
  /** Where its norms lie: on the branch that it reads, on the stream behind the sum, on what it adds. */
  norms: ('before' | 'afterSum' | 'beforeSum')[];
  norm?: NormKind;
  /** Without its norms. */
  parameters: number;
  /** Of its norms; one that two parallel parts share counts to the first. */
  normParameters: number;
  /** Whether it reads the same state as the part before it, so that both are added together. */
  isParallel: boolean;
};

export interface AttentionPart {
  kind: 'attention';
  attention: AttentionKind;
  /** The site of the first block, as in `AttentionTap`. */
  site: string;
  heads?: number;
  /** Fewer than `heads` where several share keys and values. */
  keyValueHeads?: number;
  /** Features of a query or a key. */
  headSize?: number;
}

export interface FeedForwardPart {
  kind: 'feedForward';
  /** Sizes of the states in it: 160, 512, 160. */
  widths: number[];
  /** E.g. `GELU`, `SiLU`, `ReLU`. */
  activation?: string;
  isGated: boolean;
  /** Experts among which tokens are shared out. */
  experts?: number;
}

/** What is neither, such as a convolution or a state-space layer. */
export interface OtherPart {
  kind: 'other';
  /** Its operators but for sums and changes of form, each once, in the order of computation. */
  operators: string[];
}
