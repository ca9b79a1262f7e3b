/**
 * The graph of a model file by the modules that its nodes come from. Lists name each other's elements by
 * their index, so that graphs of 100,000 nodes cross borders quickly.
 */
export interface ModuleGraph {
  /** Path of the model file. */
  file: string;
  /** Parents stand before their children. The first is the model itself, which has no parent. */
  modules: GraphModule[];
  /** In an order in which they can run. Branches and bodies are modules, and their nodes are here, too. */
  nodes: GraphNode[];
  values: GraphValue[];
  /** Values that a run is given, and that it answers. */
  inputs: number[];
  outputs: number[];
  /** A node that depends on its own result, where there is one: the order is then the file's. */
  circular?: string;
}

export interface GraphModule {
  /** Within the module around it: `self_attn`. */
  name: string;
  /** Index of the module around it; absent in the first one. */
  parent?: number;
  /** Its class, where the file tells: `LlamaAttention`. */
  type?: string;
  /** Nodes in it and in the modules within. */
  nodes: number;
  /** Parameters that these read, each once. */
  parameters: number;
  /** Index of the first of the numbered modules beside it that compute the same as it does. */
  equalTo?: number;
}

export interface GraphNode {
  /** May be empty. */
  name: string;
  /** `Softmax`, `com.microsoft.MultiHeadAttention`. */
  operator: string;
  /** Index of the innermost module that it is of. */
  module: number;
  /** Indices of values; null where an input is left out. */
  inputs: (number | null)[];
  outputs: (number | null)[];
  /** Whether it only computes a shape or is a constant: it folds into what reads it. */
  isFolded?: true;
  /** Where attention is looked at, by its site: `encoder.blocks.0.attn`. */
  site?: string;
  /** Parameters that it reads itself. */
  parameters?: number;
}

export interface GraphValue {
  name: string;
  dtype?: string;
  /** Sizes, symbols as `batch_size` or `2*sequence_length`; null where a size is unknown. Absent where all is. */
  shape?: (number | string | null)[];
  /** The tensor of the file that it is, where it is one. */
  tensor?: { name: string };
}

/** What a node is, beyond its place. */
export interface NodeDetail {
  /** Version of the operator set that it is of. */
  opset?: number;
  /** Where its operator is documented, for operators that ONNX or ONNX Runtime document. */
  documentation?: string;
  attributes: { name: string; value: string }[];
}
