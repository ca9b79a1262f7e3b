/** A file, or anything else of known size, that can be read in parts. The caller implements it. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Reads `length` bytes from `offset`. Both are whole numbers, and `offset + length ≤ size`.
   * Answers exactly that many bytes; fewer mean that the file shrank meanwhile.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A stretch of a file. Unit: bytes from the start of the file. */
export interface Span {
  offset: number;
  length: number;
}

/** Element types of ONNX tensors, named as ONNX Runtime names them in JavaScript. */
export type DType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'float8e8m0'
  | 'float4e2m1'
  | 'uint2'
  | 'int2'
  | 'uint4'
  | 'int4'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'complex64'
  | 'complex128'
  | 'bool'
  | 'string';

/** A fixed size, the name of a symbolic one (`batch_size`), or null where the file says nothing. */
export type Dimension = number | string | null;

/** The type of a value. Only tensors are described further. */
export type ValueType =
  | { kind: 'tensor'; dtype?: DType; shape?: Dimension[] }
  | { kind: 'sparse' | 'sequence' | 'map' | 'optional' | 'opaque' };

/** A named value; `type` is absent where the file gives the name alone. */
export interface ValueInfo {
  name: string;
  type?: ValueType;
}

/** Where the elements of a tensor lie. */
export type TensorData =
  /** In the model file, little endian, row-major. */
  | { kind: 'raw'; span: Span }
  /** In the model file, in the protobuf field `field` of TensorProto, in one or more pieces. */
  | { kind: 'typed'; field: TypedField; spans: Span[] }
  /** In another file: raw, as above. The location is as the file gives it, and not to be trusted. */
  | { kind: 'external'; location: string; offset: number; length: number }
  /** Nowhere, since the tensor has no element. */
  | { kind: 'none' };

/** The fields of TensorProto that hold elements one by one. */
export type TypedField =
  'float_data' | 'int32_data' | 'string_data' | 'int64_data' | 'double_data' | 'uint64_data';

/** A tensor of known shape. Its elements are not read, only found. */
export interface TensorRef {
  /** Empty for tensors in attributes, as a rule. */
  name: string;
  dtype: DType;
  dims: number[];
  data: TensorData;
}

/** A sparse tensor in coordinate form. Its name is that of `values`. */
export interface SparseTensorRef {
  values: TensorRef;
  indices: TensorRef;
  dims: number[];
}

/**
 * The value of an attribute. Integers beyond ±2^53 are rounded to the nearest double, which only
 * concerns "up to the end" markers such as 2^63 − 1.
 */
export type Attribute =
  | { kind: 'float'; value: number }
  | { kind: 'int'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'tensor'; value: TensorRef }
  | { kind: 'graph'; value: Graph }
  | { kind: 'sparse'; value: SparseTensorRef }
  | { kind: 'floats'; value: number[] }
  | { kind: 'ints'; value: number[] }
  | { kind: 'strings'; value: string[] }
  | { kind: 'tensors'; value: TensorRef[] }
  | { kind: 'graphs'; value: Graph[] }
  | { kind: 'sparses'; value: SparseTensorRef[] }
  /** A type, a string too long to keep, or a reference to an attribute of the function around. */
  | { kind: 'other' };

/** One operation. */
export interface Node {
  name: string;
  /** E.g. `MatMul`. */
  opType: string;
  /** Empty for the operators of ONNX itself. */
  domain: string;
  /** Names of values; an empty name is an optional input left out. */
  inputs: string[];
  outputs: string[];
  attributes: ReadonlyMap<string, Attribute>;
  /** Those of the node's metadata that tell which module it comes from. */
  metadata: ReadonlyMap<string, string>;
}

/** A graph of nodes: a model's own, or one inside an attribute (the branches of `If`, …). */
export interface Graph {
  name: string;
  /** In the order of the file, which ONNX requires to be topological. */
  nodes: Node[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** What the file says of values between nodes, by name. */
  values: ReadonlyMap<string, ValueInfo>;
  initializers: TensorRef[];
  sparseInitializers: SparseTensorRef[];
}

/** A function that nodes call by its domain and name. */
export interface ModelFunction {
  domain: string;
  name: string;
  nodes: Node[];
  /** What its attributes are where a call gives them no value. */
  defaults: ReadonlyMap<string, Attribute>;
}

/** An ONNX file, read without its weights. */
export interface OnnxModel {
  irVersion: number;
  producer: { name: string; version: string };
  /** Version of the operator set by domain; the domain of ONNX itself is the empty string. */
  opsets: ReadonlyMap<string, number>;
  metadata: ReadonlyMap<string, string>;
  graph: Graph;
  functions: ModelFunction[];
  /** What a training runtime would compute besides. ONNX Runtime leaves it aside. */
  training: Graph[];
}

/** The attributes of an `If` that hold its branches. */
export type IfBranch = 'then_branch' | 'else_branch';
