import { rawBytes } from '../../../src/onnx/graph/dtype';
import type {
  Attribute,
  Dimension,
  DType,
  Graph,
  Node,
  OnnxModel,
  TensorRef,
  ValueInfo,
} from '../../../src/onnx/graph/model';

/** Attributes by name: a whole number, several, a text, a tensor or a graph. */
type Attributes = Record<string, number | number[] | string | TensorRef | Graph>;

interface NodeParts {
  /** E.g. `/model/layers.0/MatMul`. */
  name?: string;
  domain?: string;
  attributes?: Attributes;
  /** Where PyTorch's newer exporter says that it comes from. */
  namespace?: string;
}

/** A node as a reader would give it. */
export function node(
  opType: string,
  inputs: string[],
  outputs: string[],
  { name = '', domain = '', attributes = {}, namespace }: NodeParts = {},
): Node {
  return {
    name,
    opType,
    domain,
    inputs,
    outputs,
    attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, attribute(value)])),
    metadata: new Map(namespace === undefined ? [] : [['namespace', namespace]]),
  };
}

function attribute(value: Attributes[string]): Attribute {
  if (typeof value === 'number') {
    return { kind: 'int', value };
  }
  if (typeof value === 'string') {
    return { kind: 'string', value };
  }
  if (Array.isArray(value)) {
    return { kind: 'ints', value };
  }
  return 'nodes' in value ? { kind: 'graph', value } : { kind: 'tensor', value };
}

/** Where the next weight lies, so that no two lie in the same place. */
let next = 0;

/** A weight somewhere in the file. */
export function weight(name: string, dtype: DType, ...dims: number[]): TensorRef {
  const length =
    rawBytes(
      dtype,
      dims.reduce((product, size) => product * size, 1),
    ) ?? 0;
  next += length;
  return { name, dtype, dims, data: { kind: 'raw', span: { offset: next - length, length } } };
}

/** An input or output, of single precision unless told otherwise. */
export function value(name: string, shape: Dimension[], dtype: DType = 'float32'): ValueInfo {
  return { name, type: { kind: 'tensor', dtype, shape } };
}

export function graph(parts: Partial<Graph>): Graph {
  return {
    name: 'g',
    nodes: [],
    inputs: [],
    outputs: [],
    values: new Map(),
    initializers: [],
    sparseInitializers: [],
    ...parts,
  };
}

interface ModelParts extends Partial<Graph> {
  opset?: number;
  irVersion?: number;
  functions?: OnnxModel['functions'];
}

/** A model that uses the operators of ONNX, those of ONNX Runtime, and some of nobody. */
export function model({
  opset = 18,
  irVersion = 8,
  functions = [],
  ...parts
}: ModelParts): OnnxModel {
  return {
    irVersion,
    producer: { name: '', version: '' },
    opsets: new Map([
      ['', opset],
      ['com.microsoft', 1],
      ['org.example', 1],
    ]),
    metadata: new Map(),
    graph: graph(parts),
    functions,
    training: [],
  };
}
