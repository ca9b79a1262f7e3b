import { FIXED32, FIXED64, LENGTH, VARINT, type WireType } from './wireType';

/**
 * What a field holds, as far as its wire type goes. A list of numbers comes packed or one by one,
 * whichever way the schema says (protobuf.dev, "Encoding", "Repeated Elements").
 */
type Content = 'varint' | 'varints' | 'float' | 'floats' | 'doubles' | 'block';

/** The fields of a message that are read, by their number. */
export type Schema = ReadonlyMap<number, readonly WireType[]>;

const WIRE_TYPES: Readonly<Record<Content, readonly WireType[]>> = {
  varint: [VARINT],
  varints: [VARINT, LENGTH],
  float: [FIXED32],
  floats: [FIXED32, LENGTH],
  doubles: [FIXED64, LENGTH],
  block: [LENGTH],
};

function schema(fields: Readonly<Record<number, Content>>): Schema {
  return new Map(
    Object.entries(fields).map(([number, content]) => [Number(number), WIRE_TYPES[content]]),
  );
}

/*
 * The messages of `onnx.proto`, IR version 13. A field that is not here, or comes with another wire
 * type, is stepped over: protobuf's own parsers put it among those that they do not know.
 */

export const MODEL = schema({
  1: 'varint', // ir_version
  2: 'block', // producer_name
  3: 'block', // producer_version
  7: 'block', // graph
  8: 'block', // opset_import
  14: 'block', // metadata_props
  20: 'block', // training_info
  25: 'block', // functions
});

export const OPERATOR_SET = schema({ 1: 'block' /* domain */, 2: 'varint' /* version */ });

/** StringStringEntryProto. */
export const ENTRY = schema({ 1: 'block' /* key */, 2: 'block' /* value */ });

export const TRAINING = schema({ 1: 'block' /* initialization */, 2: 'block' /* algorithm */ });

export const FUNCTION = schema({
  1: 'block', // name
  7: 'block', // node
  10: 'block', // domain
  11: 'block', // attribute_proto
});

export const GRAPH = schema({
  1: 'block', // node
  2: 'block', // name
  5: 'block', // initializer
  11: 'block', // input
  12: 'block', // output
  13: 'block', // value_info
  15: 'block', // sparse_initializer
});

export const NODE = schema({
  1: 'block', // input
  2: 'block', // output
  3: 'block', // name
  4: 'block', // op_type
  5: 'block', // attribute
  7: 'block', // domain
  9: 'block', // metadata_props
});

export const ATTRIBUTE = schema({
  1: 'block', // name
  2: 'float', // f
  3: 'varint', // i
  4: 'block', // s
  5: 'block', // t
  6: 'block', // g
  7: 'floats', // floats
  8: 'varints', // ints
  9: 'block', // strings
  10: 'block', // tensors
  11: 'block', // graphs
  20: 'varint', // type
  21: 'block', // ref_attr_name
  22: 'block', // sparse_tensor
  23: 'block', // sparse_tensors
});

export const TENSOR = schema({
  1: 'varints', // dims
  2: 'varint', // data_type
  4: 'floats', // float_data
  5: 'varints', // int32_data
  6: 'block', // string_data
  7: 'varints', // int64_data
  8: 'block', // name
  9: 'block', // raw_data
  10: 'doubles', // double_data
  11: 'varints', // uint64_data
  13: 'block', // external_data
  14: 'varint', // data_location
});

export const SPARSE_TENSOR = schema({
  1: 'block', // values
  2: 'block', // indices
  3: 'varints', // dims
});

export const VALUE = schema({ 1: 'block' /* name */, 2: 'block' /* type */ });

export const TYPE = schema({
  1: 'block', // tensor_type
  4: 'block', // sequence_type
  5: 'block', // map_type
  7: 'block', // opaque_type
  8: 'block', // sparse_tensor_type
  9: 'block', // optional_type
});

export const TENSOR_TYPE = schema({ 1: 'varint' /* elem_type */, 2: 'block' /* shape */ });

export const SHAPE = schema({ 1: 'block' /* dim */ });

export const DIMENSION = schema({ 1: 'varint' /* dim_value */, 2: 'block' /* dim_param */ });
