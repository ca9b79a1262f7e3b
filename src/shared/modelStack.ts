import type { AttentionKind, Component } from './attention';

/** How a stack of a model is built, as its graph tells. What the graph does not tell is absent. */
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
  width: number;
  parameters: number;
  /** What the vectors are multiplied by, e.g. √d_model. */
  scale?: number;
}

export interface UnembeddingPart {
  outputs: number;
  width: number;
  parameters: number;
  /** Whether it is the matrix of the embedding once more. */
  isTied: boolean;
}

/** How a stack knows where a token stands. */
export type PositionScheme =
  /** A table that is added to the embedding: of sines and cosines, or learned. */
  | { kind: 'sinusoidal' | 'learned'; positions: number; width: number }
  /** Queries and keys are rotated. */
  | { kind: 'rotary' }
  /** Scores get a learned number by the distance. */
  | { kind: 'relativeBias'; buckets?: number }
  /** Scores get less the farther away a key is. */
  | { kind: 'linearBias' };

export type NormKind = 'layerNorm' | 'rmsNorm';

/** Equal blocks, one behind the other. */
export interface BlockRun {
  /** Index of the first one within its component, from 0. */
  first: number;
  count: number;
  /** Of one block. */
  parameters: number;
  /** In the order in which they add to the residual stream. */
  parts: BlockPart[];
}

/** A part of a block, which reads the residual stream and adds to it. */
export type BlockPart = (AttentionPart | FeedForwardPart | OtherPart) & {
  /** Where its norms lie: on the branch that it reads, on the stream behind the sum, on what it adds. */
  norms: ('before' | 'afterSum' | 'beforeSum')[];
  norm?: NormKind;
  parameters: number;
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
  /** Its operators, the most telling first. */
  operators: string[];
}
