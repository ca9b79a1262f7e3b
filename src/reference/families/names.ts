/** Names of a linear layer: those of its module, or both in full. */
export type LinearName =
  | string
  | {
      weight: string;
      bias: string;
      /** Which of the matrices that are stored one below the other. */
      part: number;
    };

/** Names of an attention, and of the norm of its sublayer. */
export interface AttentionNames {
  query: LinearName;
  key: LinearName;
  value: LinearName;
  output: LinearName;
  norm: string;
}

/** Where `transformers` keeps the weights of a stack: modules, to which `.weight` and `.bias` come. */
export interface StackNames {
  embeddings?: {
    /** In full; of several the first that is there. */
    tokens: readonly string[];
    positions?: string;
    tokenTypes?: string;
    norm?: string;
    projection?: string;
  };
  sound?: SoundNames;
  /** In full: T5's table of relative positions, which all layers share. */
  relativePositions?: string;
  /** The module of a layer, in front of all that follow. */
  layer: (index: number) => string;
  attention: AttentionNames;
  crossAttention?: AttentionNames;
  feedForward: { gate?: LinearName; up: LinearName; down: LinearName; norm: string };
  finalNorm?: string;
  /** Whether weights of linear layers are stored as [in, out], as GPT-2's `Conv1D` has them. */
  transposed?: boolean;
}

/** Modules that turn sound into vectors. */
export interface SoundNames {
  convolution: (index: number) => { convolution: string; norm: string };
  projectionNorm: string;
  projection: string;
  /** The convolution that adds positions. */
  positions: string;
  /** Before the first layer. */
  norm: string;
}

/** Where `transformers` keeps the weights of a family. */
export interface FamilyNames {
  /** What names begin with, except in files of the bare model. */
  base: string;
  encoder?: StackNames;
  decoder?: StackNames;
  unembedding: {
    transform?: { dense: string; norm: string };
    /** In full; of several the first that is there. */
    weight: readonly string[];
    bias?: readonly string[];
  };
}
