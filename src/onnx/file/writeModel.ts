import { dtypeNumber } from '../graph/dtype';
import type {
  NewAttribute,
  NewGraphParts,
  NewNode,
  NewTensor,
  NewValue,
} from '../graph/graphBuilder';
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIMENSION,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './schema';
import { block, concatenate, float, integer } from './wireWriter';

const TYPES = {
  float: ATTRIBUTE_TYPE.FLOAT,
  int: ATTRIBUTE_TYPE.INT,
  string: ATTRIBUTE_TYPE.STRING,
  tensor: ATTRIBUTE_TYPE.TENSOR,
  graph: ATTRIBUTE_TYPE.GRAPH,
  ints: ATTRIBUTE_TYPE.INTS,
} as const;

/** The checker of ONNX wants every graph to have a name. */
const INNER_GRAPH_NAME = 'headlight';

/** The parts as fields of a GraphProto, to be put behind those that are there; empty for nothing. */
export function graphFields(parts: NewGraphParts): Uint8Array<ArrayBuffer> {
  const { nodes = [], initializers = [], inputs = [], outputs = [], values = [] } = parts;
  return concatenate([
    ...nodes.map((node) => block(GRAPH.node, nodeFields(node))),
    ...initializers.map((tensor) =>
      block(GRAPH.initializer, tensorFields(tensor), block(TENSOR.name, tensor.name)),
    ),
    ...inputs.map((input) => block(GRAPH.input, valueFields(input))),
    ...outputs.map((output) =>
      typeof output === 'string'
        ? block(GRAPH.output, block(VALUE.name, output))
        : block(GRAPH.output, valueFields(output)),
    ),
    ...values.map((value) => block(GRAPH.value_info, valueFields(value))),
  ]);
}

/**
 * Fields of a GraphProto as a second `graph` of a ModelProto, to be put behind the first: protobuf
 * merges the occurrences of a message that is not repeated (protobuf.dev, "Encoding", "Last One
 * Wins"). Empty for nothing.
 */
export function secondGraph(fields: Uint8Array): Uint8Array<ArrayBuffer> {
  return fields.length === 0 ? new Uint8Array(0) : block(MODEL.graph, fields);
}

/**
 * A serialised model of its own.
 * @param irVersion the version of the file format.
 * @param opset the version of ONNX's own operators.
 */
export function wholeModel(
  parts: NewGraphParts,
  { irVersion, opset }: { irVersion: number; opset: number },
): Uint8Array<ArrayBuffer> {
  return concatenate([
    integer(MODEL.ir_version, irVersion),
    operatorSet(opset),
    block(MODEL.graph, block(GRAPH.name, INNER_GRAPH_NAME), graphFields(parts)),
  ]);
}

/** A version of ONNX's own operators, to be put behind the fields of a ModelProto. */
export function operatorSet(version: number): Uint8Array<ArrayBuffer> {
  return block(MODEL.opset_import, integer(OPERATOR_SET.version, version));
}

/** Another output of a node that is there, to be put behind its fields. */
export function nodeOutput(name: string): Uint8Array<ArrayBuffer> {
  return block(NODE.output, name);
}

function nodeFields({ opType, domain, inputs, outputs, attributes = {} }: NewNode): Uint8Array[] {
  return [
    ...inputs.map((name) => block(NODE.input, name)),
    ...outputs.map((name) => block(NODE.output, name)),
    block(NODE.op_type, opType),
    ...(domain === undefined ? [] : [block(NODE.domain, domain)]),
    ...Object.entries(attributes).map(([name, attribute]) =>
      block(NODE.attribute, block(ATTRIBUTE.name, name), attributeFields(attribute)),
    ),
  ];
}

function attributeFields(attribute: NewAttribute): Uint8Array[] {
  return [...attributeValue(attribute), integer(ATTRIBUTE.type, TYPES[attribute.kind])];
}

function attributeValue(attribute: NewAttribute): Uint8Array[] {
  switch (attribute.kind) {
    case 'float':
      return [float(ATTRIBUTE.f, attribute.value)];
    case 'int':
      return [integer(ATTRIBUTE.i, attribute.value)];
    case 'string':
      return [block(ATTRIBUTE.s, attribute.value)];
    case 'ints':
      return attribute.value.map((value) => integer(ATTRIBUTE.ints, value));
    case 'tensor':
      return [block(ATTRIBUTE.t, tensorFields(attribute.value))];
    case 'graph':
      return [
        block(ATTRIBUTE.g, block(GRAPH.name, INNER_GRAPH_NAME), graphFields(attribute.value)),
      ];
  }
}

function tensorFields({ dtype, dims, bytes }: NewTensor): Uint8Array[] {
  return [
    ...dims.map((size) => integer(TENSOR.dims, size)),
    integer(TENSOR.data_type, dtypeNumber(dtype)),
    block(TENSOR.raw_data, bytes),
  ];
}

function valueFields({ name, dtype, shape }: NewValue): Uint8Array[] {
  const dims = shape?.map((size) =>
    block(
      SHAPE.dim,
      typeof size === 'number'
        ? integer(DIMENSION.dim_value, size)
        : block(DIMENSION.dim_param, size),
    ),
  );
  const type = [
    integer(TENSOR_TYPE.elem_type, dtypeNumber(dtype)),
    ...(dims === undefined ? [] : [block(TENSOR_TYPE.shape, dims)]),
  ];
  return [block(VALUE.name, name), block(VALUE.type, block(TYPE.tensor_type, ...type))];
}
