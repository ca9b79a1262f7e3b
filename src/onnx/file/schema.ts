import { FIXED32, FIXED64, LENGTH, VARINT, type WireType } from './wireType';

/**
 * What a field holds, as far as its wire type goes. A list of numbers comes packed or one by one,
 * whichever way the schema says (protobuf.dev, "Encoding", "Repeated Elements").
 */
type Content = 'varint' | 'varints' | 'float' | 'floats' | 'doubles' | 'block';

const WIRE_TYPES: Readonly<Record<Content, readonly WireType[]>> = {
  varint: [VARINT],
  varints: [VARINT, LENGTH],
  float: [FIXED32],
  floats: [FIXED32, LENGTH],
  doubles: [FIXED64, LENGTH],
  block: [LENGTH],
};

/** A kind of message, with the fields that are read or written. */
export interface Message {
  /** The wire types that a field may come with, by its number. */
  readonly wireTypes: ReadonlyMap<number, readonly WireType[]>;
}

/** A message whose fields have, as properties, their numbers. */
function message<const F extends Readonly<Record<string, readonly [number, Content]>>>(
  fields: F,
): Message & { readonly [K in keyof F]: F[K][0] } {
  const entries = Object.entries(fields);
  const numbers = Object.fromEntries(entries.map(([name, [number]]) => [name, number]));
  const wireTypes = new Map(entries.map(([, [number, content]]) => [number, WIRE_TYPES[content]]));
  return { ...(numbers as { readonly [K in keyof F]: F[K][0] }), wireTypes };
}

/*
 * The messages of `onnx.proto`, IR version 13, with its names and numbers. A field that is not
 * here, or comes with another wire type, is stepped over: protobuf's own parsers put it among those
 * that they do not know.
 */

export const MODEL = message({
  ir_version: [1, 'varint'],
  producer_name: [2, 'block'],
  producer_version: [3, 'block'],
  graph: [7, 'block'],
  opset_import: [8, 'block'],
  metadata_props: [14, 'block'],
  training_info: [20, 'block'],
  functions: [25, 'block'],
});

export const OPERATOR_SET = message({
  domain: [1, 'block'],
  version: [2, 'varint'],
});

/** StringStringEntryProto. */
export const ENTRY = message({
  key: [1, 'block'],
  value: [2, 'block'],
});

export const TRAINING = message({
  initialization: [1, 'block'],
  algorithm: [2, 'block'],
});

export const FUNCTION = message({
  name: [1, 'block'],
  node: [7, 'block'],
  domain: [10, 'block'],
  attribute_proto: [11, 'block'],
});

export const GRAPH = message({
  node: [1, 'block'],
  name: [2, 'block'],
  initializer: [5, 'block'],
  input: [11, 'block'],
  output: [12, 'block'],
  value_info: [13, 'block'],
  sparse_initializer: [15, 'block'],
});

export const NODE = message({
  input: [1, 'block'],
  output: [2, 'block'],
  name: [3, 'block'],
  op_type: [4, 'block'],
  attribute: [5, 'block'],
  domain: [7, 'block'],
  metadata_props: [9, 'block'],
});

export const ATTRIBUTE = message({
  name: [1, 'block'],
  f: [2, 'float'],
  i: [3, 'varint'],
  s: [4, 'block'],
  t: [5, 'block'],
  g: [6, 'block'],
  floats: [7, 'floats'],
  ints: [8, 'varints'],
  strings: [9, 'block'],
  tensors: [10, 'block'],
  graphs: [11, 'block'],
  type: [20, 'varint'],
  ref_attr_name: [21, 'block'],
  sparse_tensor: [22, 'block'],
  sparse_tensors: [23, 'block'],
});

export const TENSOR = message({
  dims: [1, 'varints'],
  data_type: [2, 'varint'],
  float_data: [4, 'floats'],
  int32_data: [5, 'varints'],
  string_data: [6, 'block'],
  int64_data: [7, 'varints'],
  name: [8, 'block'],
  raw_data: [9, 'block'],
  double_data: [10, 'doubles'],
  uint64_data: [11, 'varints'],
  external_data: [13, 'block'],
  data_location: [14, 'varint'],
});

export const SPARSE_TENSOR = message({
  values: [1, 'block'],
  indices: [2, 'block'],
  dims: [3, 'varints'],
});

export const VALUE = message({
  name: [1, 'block'],
  type: [2, 'block'],
});

export const TYPE = message({
  tensor_type: [1, 'block'],
  sequence_type: [4, 'block'],
  map_type: [5, 'block'],
  opaque_type: [7, 'block'],
  sparse_tensor_type: [8, 'block'],
  optional_type: [9, 'block'],
});

export const TENSOR_TYPE = message({
  elem_type: [1, 'varint'],
  shape: [2, 'block'],
});

export const SHAPE = message({
  dim: [1, 'block'],
});

export const DIMENSION = message({
  dim_value: [1, 'varint'],
  dim_param: [2, 'block'],
});

/** AttributeProto.AttributeType: which field of an attribute counts. */
export const ATTRIBUTE_TYPE = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
  TENSORS: 9,
  GRAPHS: 10,
  SPARSE_TENSOR: 11,
  SPARSE_TENSORS: 12,
  TYPE_PROTO: 13,
  TYPE_PROTOS: 14,
} as const;

/** TensorProto.DataLocation. */
export const DATA_LOCATION = { DEFAULT: 0, EXTERNAL: 1 } as const;
