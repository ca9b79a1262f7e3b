import type {
  Attribute,
  DType,
  Graph,
  Node,
  OnnxModel,
  TensorRef,
} from '../../../src/onnx/graph/model';

/** A node of ONNX itself, or of the domain that stands before a colon: `com.microsoft:Attention`. */
export function node(
  opType: string,
  name: string,
  inputs: string[],
  output: string,
  more: { attributes?: Record<string, Attribute>; namespace?: string } = {},
): Node {
  const [type = '', domain = ''] = opType.split(':').reverse();
  return {
    name,
    opType: type,
    domain,
    inputs,
    outputs: [output],
    attributes: new Map(Object.entries(more.attributes ?? {})),
    metadata: new Map(more.namespace === undefined ? [] : [['namespace', more.namespace]]),
  };
}

/** A tensor whose elements nobody reads. */
export function tensor(name: string, dims: number[], dtype: DType = 'float32'): TensorRef {
  return { name, dtype, dims, data: { kind: 'raw', span: { offset: 0, length: 0 } } };
}

export function graph(initializers: TensorRef[], nodes: Node[]): Graph {
  const none = { inputs: [], outputs: [], values: new Map(), sparseInitializers: [] };
  return { name: '', nodes, initializers, ...none };
}

export function model(initializers: TensorRef[], nodes: Node[]): OnnxModel {
  return {
    irVersion: 8,
    producer: { name: '', version: '' },
    opsets: new Map([['', 17]]),
    metadata: new Map(),
    graph: graph(initializers, nodes),
    functions: [],
    training: [],
  };
}
