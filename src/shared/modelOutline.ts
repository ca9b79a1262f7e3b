import type { AttentionKind, Component } from './attention';
import type { FailureData } from './failure';

/** Elements of one type among the parameters of a model. */
export interface DtypeOutline {
  /** Packed elements are called by their own type: `uint4`, not that of the bytes they are in. */
  dtype: string;
  parameters: number;
  bytes: number;
  tensors: number;
}

/**
 * What an initializer is that is no parameter: a scale or zero point of a quantised weight; integers, truth
 * values or texts; a buffer of PyTorch's; sines, cosines or frequencies of positions; a mask; or one number.
 */
export type ConstantKind = 'scale' | 'integer' | 'buffer' | 'angle' | 'mask' | 'number';

/** Constants of one kind. */
export interface ConstantOutline {
  kind: ConstantKind;
  elements: number;
  bytes: number;
  tensors: number;
}

/** Where a file has a matrix. */
export interface StoredMatrix {
  /** Path of the model file. */
  file: string;
  /** Name of the initializer. */
  tensor: string;
  dtype: string;
  bytes: number;
}

/** A matrix of parameters that is stored more than once, and counts once. */
export interface RepeatedMatrix {
  parameters: number;
  /** Whether rows of it are looked up by number, as those of an embedding are. */
  isTable: boolean;
  /** Two or more; the first is the one that counts. */
  places: StoredMatrix[];
}

/** What a model takes up. Unit: bytes. */
export interface SizeOutline {
  /** The model file itself, with its graph and the weights that are in it. */
  file: number;
  /** Weights in other files. */
  external: number;
  /** Weights once they are loaded: those that the runtime computes with in another type, in that. */
  memory: number;
}

/** How often an operator occurs. Domains other than that of ONNX itself stand before its name. */
export interface OperatorCount {
  name: string;
  count: number;
}

/** A module of the source code that a model was exported from. */
export interface ModuleOutline {
  /** Within the module around it; empty for the model itself. */
  name: string;
  /** Its class, where the exporter tells. */
  type?: string;
  /** Those of the modules in it included, here and below. What is stored twice in it counts once. */
  parameters: number;
  /** Of all that is stored for it, constants included. */
  bytes: number;
  /** Most frequent first. A layer in both branches of a merged decoder counts twice. */
  operators: OperatorCount[];
  /** In the order in which they are computed; the items of a list by their numbers. */
  modules: ModuleOutline[];
}

/** How numbers of fewer bits are used. */
export type QuantizationScheme =
  /** Weights of half precision. */
  | 'float16'
  | 'bfloat16'
  /** Weights are integers; what they are multiplied with is made integers while the model runs. */
  | 'dynamic'
  /** Both are integers by scales that the file holds; as pairs of `QuantizeLinear`, … */
  | 'staticQdq'
  /** … or as operators of their own, such as `QLinearMatMul`. */
  | 'staticOperators'
  /** Weights are stored in few bits, and computed with as floating-point numbers. */
  | 'weightOnly';

/** The weights that one scheme concerns. */
export interface QuantizationPart {
  scheme: QuantizationScheme;
  /** Of a weight's element. */
  bits: number;
  /** Elements that share a scale, where those of a row have several. */
  blockSize?: number;
  weights: number;
  parameters: number;
}

/**
 * What becomes of sums of unsigned times signed 8-bit integers: they are exact, or what does not fit
 * into the processor's 16 bits is cut off.
 */
export type ByteProducts = 'exact' | 'saturating';

/** How the weights of a model are quantised: matrices, tables and kernels, not biases and norms. */
export interface QuantizationOutline {
  scheme: 'none' | QuantizationScheme | 'mixed';
  /** Most parameters first. */
  parts: QuantizationPart[];
  /** All weights, quantised or not. */
  weights: number;
  parameters: number;
  /** Those of signed 8-bit integers that are multiplied as such. */
  signedBytes: number;
  /** What becomes of their products on this machine; absent where there are none, or nobody asked. */
  products?: ByteProducts;
}

/** Why the bundled runtime cannot run a model. */
export type CompatibilityProblem =
  | { kind: 'irVersion'; version: number; newest: number }
  | { kind: 'opset'; version: number; newest: number }
  /** An operator that it has no code for. `version` is that of its operator set. */
  | { kind: 'operator'; operator: string; version: number; nodes: number }
  /** An operator that it has code for, though not with this input. */
  | { kind: 'input'; operator: string; input: string; nodes: number }
  /** An operator that it has code for, though not for elements of these types. */
  | { kind: 'types'; operator: string; version: number; dtypes: string[]; nodes: number }
  /** Files with weights that are missing or cut short: what, where, and what to do. */
  | { kind: 'weights'; lack: FailureData }
  /** Values that nothing makes. The first of them, and the node that needs it unless it is an output. */
  | { kind: 'missing'; value: string; node?: string; values: number }
  /** Values that are made more than once. The first of them. */
  | { kind: 'ambiguous'; value: string; values: number }
  /** Nodes that need what they make themselves. The first of them, by its name or operator. */
  | { kind: 'circular'; node: string }
  /** A function of the file that calls itself. */
  | { kind: 'recursive'; function: string };

/** Whether the bundled runtime can run a model. */
export interface CompatibilityOutline {
  /** Name and version. */
  runtime: string;
  /** Empty if it can, as far as the file tells. */
  problems: CompatibilityProblem[];
  /** Why Headlight does not have it run the model all the same. */
  refused?: FailureData;
}

/** What shape inference knows: of how many values, all those that nodes make, every size. */
export interface ShapeCoverage {
  known: number;
  values: number;
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
