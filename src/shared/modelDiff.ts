import type { FailureData } from './failure';
import type { NamedToken } from './text';

/** How two models, A and B, differ. */
export interface ModelDiff {
  a: DiffedModel;
  b: DiffedModel;
  /**
   * Whether they differ in what they compute with: in nodes, inputs, outputs, operator sets or numbers.
   * Names of nodes and of what wrote the file do not count.
   */
  differs: boolean;
  /** Of each pair of graphs, in the order in which they run. */
  graphs: GraphDiff[];
  /** Files of one model that the other has no counterpart of. Absolute paths. */
  onlyInA: string[];
  onlyInB: string[];
  tensors: TensorsDiff;
  /** Absent where nothing was to be run. */
  behaviour?: BehaviourDiff | NotCompared;
}

/** One side of a comparison. */
export interface DiffedModel {
  /** Absolute path, of a file or folder. */
  path: string;
  /** Absolute paths. */
  files: string[];
  /** Of the files and of what lies beside them for them. */
  bytes: number;
  /** Nodes of all graphs; 0 of files that only hold weights. */
  nodes: number;
  /** Parameters by the type of their elements, the largest part first. */
  dtypes: { dtype: string; parameters: number }[];
}

/** Something that could not be compared, and why. */
export interface NotCompared {
  lacking: FailureData;
}

/** How two graphs differ. */
export interface GraphDiff {
  /** Paths of the files. */
  a: string;
  b: string;
  producer?: Changed<string>;
  /** Versions of operator sets that are not the same; absent on the side that has none. */
  opsets: { domain: string; a?: number; b?: number }[];
  inputs: ValueChange[];
  outputs: ValueChange[];
  /** Those that do not occur as often, the largest change first. */
  operators: { name: string; a: number; b: number }[];
  nodes: NodesDiff;
  /** Paths of modules that only one has: `model.layers.3.self_attn`. Those inside them are left out. */
  modules: { onlyInA: string[]; onlyInB: string[] };
  /**
   * Operators that read a weight in A, and its counterpart in B by another one, the most frequent first:
   * `MatMul` and `MatMulInteger`.
   */
  replaced: { a: string; b: string; count: number }[];
}

export interface Changed<T> {
  a: T;
  b: T;
}

/** An input or output that only one has, or that is of another type or shape. As texts: `int64 [batch, 1]`. */
export interface ValueChange {
  name: string;
  a?: string;
  b?: string;
}

/** Nodes of two graphs, those of branches and bodies included. */
export interface NodesDiff {
  /** With the same operator, attributes and inputs; some may have another name. */
  same: number;
  /** Of those that are the same. */
  renamed: number;
  /** In the order in which they run. Of very many the first ones; so it is with the others. */
  changed: NodeChange[];
  /** Those that compute something first. */
  onlyInA: DiffedNode[];
  onlyInB: DiffedNode[];
  /** How many there are of each, told or not. */
  counts: { changed: number; onlyInA: number; onlyInB: number };
}

export interface DiffedNode {
  /** May be empty. */
  name: string;
  operator: string;
}

/** A node of both graphs that is not the same. */
export interface NodeChange {
  a: DiffedNode;
  b: DiffedNode;
  /** Attributes that are not the same; absent on the side that has none. */
  attributes: { name: string; a?: string; b?: string }[];
  /** Places of the inputs that come from somewhere else, counted from 0. */
  inputs: number[];
}

/** How the numbers of two models differ. What is stored twice in a file is compared once. */
export interface TensorsDiff {
  /** Pairs whose numbers are the same, dequantised where they are quantised. */
  equal: number;
  /** Worst first: shapes and what could not be read, then by the relative error. */
  different: TensorDiff[];
  onlyInA: DiffedTensor[];
  onlyInB: DiffedTensor[];
}

export interface DiffedTensor {
  /** Path of its file. */
  file: string;
  /** As the file calls it. */
  tensor: string;
  dims: number[];
  dtype: string;
  bytes: number;
}

/** A tensor of both models. */
export interface TensorDiff {
  /** As `transformers` calls it where that is known, else as the file of A does. */
  name: string;
  a: DiffedTensor;
  b: DiffedTensor;
  found: TensorFigures | { kind: 'shapes' } | { kind: 'unread'; failure: FailureData };
}

/** Figures are of elements that are finite on both sides. */
export interface TensorFigures {
  kind: 'numbers';
  elements: number;
  /** Elements that are not the same; NaN equals NaN. */
  differing: number;
  /** Elements that are finite on one side alone, or not finite and not the same. */
  notFinite: number;
  /** The first of the elements that are furthest apart; one index for each dimension. */
  largest: { index: number[]; a: number; b: number };
  /** ‖a − b‖ / ‖a‖; absent where ‖a‖ is 0. */
  relative?: number;
  /** a · b / (‖a‖ ‖b‖); absent where one is 0. */
  cosine?: number;
  /** 20 log₁₀(‖a‖ / ‖a − b‖), in decibels; absent where ‖a‖ or ‖a − b‖ is 0. */
  signalToNoise?: number;
}

/** What both models make of one text. */
export interface BehaviourDiff {
  /** The text that was read: the beginning of a long one. */
  text: string;
  /** What a decoder read beside the text: what A writes of itself unless it was given. */
  target?: string;
  /**
   * What was compared at each place: the distribution of the next token; that of the token itself, which
   * was masked for it, of models that fill masks; or the vector of the token where there is no distribution.
   */
  way: 'next' | 'masked' | 'vectors';
  /** In the order of the text. */
  places: PlaceDiff[];
  /** By layer; those that both can be traced in. */
  attention: { site: string; heads: number[] }[] | NotCompared;
}

/** A place of a text. */
export interface PlaceDiff {
  /** The token that stands there. */
  token: NamedToken;
  /**
   * Kullback–Leibler divergence of B's distribution from A's, in nats; of vectors 1 − their cosine, from 0
   * to 2.
   */
  divergence: number;
  /** What each of them deems likeliest; absent of vectors. */
  top?: { a: LikelyToken; b: LikelyToken };
}

export interface LikelyToken extends NamedToken {
  id: number;
  /** What A and B give it. */
  probability: Changed<number>;
}

/** What is being done, and how much of it. */
export interface DiffProgress {
  step: 'graphs' | 'tensors' | 'text';
  /** From 0 to 1, of the step. */
  share: number;
}
