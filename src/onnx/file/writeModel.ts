import { dtypeNumber } from '../graph/dtype';
import type {
  NewAttribute,
  NewGraphParts,
  NewNode,
  NewTensor,
  NewValue,
} from '../graph/graphBuilder';
import { block, concatenate, float, integer } from './wireWriter';

/** Field numbers of `onnx.proto` for what is written. */
const MODEL = { irVersion: 1, graph: 7, operatorSet: 8 } as const;
const OPERATOR_SET_VERSION = 2;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12, value: 13 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const ATTRIBUTE = {
  name: 1,
  float: 2,
  int: 3,
  string: 4,
  tensor: 5,
  graph: 6,
  ints: 8,
  type: 20,
} as const;
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, ints: 7 } as const;
const TENSOR = { dim: 1, type: 2, name: 8, raw: 9 } as const;
const VALUE = { name: 1, type: 2 } as const;
const TYPE_TENSOR = 1;
const TENSOR_TYPE = { element: 1, shape: 2 } as const;
const SHAPE_DIM = 1;
const DIM = { value: 1, name: 2 } as const;

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
    ...values.map((value) => block(GRAPH.value, valueFields(value))),
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
    integer(MODEL.irVersion, irVersion),
    operatorSet(opset),
    block(MODEL.graph, block(GRAPH.name, INNER_GRAPH_NAME), graphFields(parts)),
  ]);
}

/** A version of ONNX's own operators, to be put behind the fields of a ModelProto. */
export function operatorSet(version: number): Uint8Array<ArrayBuffer> {
  return block(MODEL.operatorSet, integer(OPERATOR_SET_VERSION, version));
}

/** Another output of a node that is there, to be put behind its fields. */
export function nodeOutput(name: string): Uint8Array<ArrayBuffer> {
  return block(NODE.output, name);
}

function nodeFields({ opType, domain, inputs, outputs, attributes = {} }: NewNode): Uint8Array[] {
  return [
    ...inputs.map((name) => block(NODE.input, name)),
    ...outputs.map((name) => block(NODE.output, name)),
    block(NODE.operator, opType),
    ...(domain === undefined ? [] : [block(NODE.domain, domain)]),
    ...Object.entries(attributes).map(([name, attribute]) =>
      block(NODE.attribute, block(ATTRIBUTE.name, name), attributeFields(attribute)),
    ),
  ];
}

function attributeFields(attribute: NewAttribute): Uint8Array[] {
  return [...attributeValue(attribute), integer(ATTRIBUTE.type, ATTRIBUTE_TYPES[attribute.kind])];
}

function attributeValue(attribute: NewAttribute): Uint8Array[] {
  switch (attribute.kind) {
    case 'float':
      return [float(ATTRIBUTE.float, attribute.value)];
    case 'int':
      return [integer(ATTRIBUTE.int, attribute.value)];
    case 'string':
      return [block(ATTRIBUTE.string, attribute.value)];
    case 'ints':
      return attribute.value.map((value) => integer(ATTRIBUTE.ints, value));
    case 'tensor':
      return [block(ATTRIBUTE.tensor, tensorFields(attribute.value))];
    case 'graph':
      return [
        block(ATTRIBUTE.graph, block(GRAPH.name, INNER_GRAPH_NAME), graphFields(attribute.value)),
      ];
  }
}

function tensorFields({ dtype, dims, bytes }: NewTensor): Uint8Array[] {
  return [
    ...dims.map((size) => integer(TENSOR.dim, size)),
    integer(TENSOR.type, dtypeNumber(dtype)),
    block(TENSOR.raw, bytes),
  ];
}

function valueFields({ name, dtype, shape }: NewValue): Uint8Array[] {
  const dims = shape?.map((size) =>
    block(SHAPE_DIM, typeof size === 'number' ? integer(DIM.value, size) : block(DIM.name, size)),
  );
  const type = [
    integer(TENSOR_TYPE.element, dtypeNumber(dtype)),
    ...(dims === undefined ? [] : [block(TENSOR_TYPE.shape, dims)]),
  ];
  return [block(VALUE.name, name), block(VALUE.type, block(TYPE_TENSOR, ...type))];
}
