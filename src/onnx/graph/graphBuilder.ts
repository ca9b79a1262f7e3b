import { dtypeNumber } from './dtype';
import type { DType } from './model';

/** A tensor with its elements, row-major and little endian. */
export interface NewTensor {
  dtype: DType;
  dims: readonly number[];
  bytes: Uint8Array;
}

export type NewAttribute =
  | { kind: 'float'; value: number }
  | { kind: 'int'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'ints'; value: readonly number[] }
  | { kind: 'tensor'; value: NewTensor }
  /** A graph inside, such as the body of a `Scan`; it sees the values of the graph around it. */
  | { kind: 'graph'; value: NewGraphParts };

/** A node to be added. An empty input is an optional one left out. */
export interface NewNode {
  opType: string;
  /** That of ONNX itself if absent. */
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, NewAttribute>>;
}

/** An input to be added, or an output that is described; sizes that vary have a name. */
export interface NewInput {
  name: string;
  dtype: DType;
  shape: readonly (number | string)[];
}

/** A value between nodes, of which the type is told, and the shape where it must be. */
export interface NewValue extends Omit<NewInput, 'shape'> {
  shape?: NewInput['shape'];
}

/** What a graph gets in addition. ONNX Runtime infers the types of outputs that are only named. */
export interface NewGraphParts {
  nodes?: readonly NewNode[];
  initializers?: readonly (NewTensor & { name: string })[];
  inputs?: readonly NewInput[];
  outputs?: readonly (string | NewInput)[];
  values?: readonly NewValue[];
}

type Attributes = Readonly<Record<string, NewAttribute>>;

/** Nodes and constants in the making that a graph is to get, under names of their own. */
export class GraphBuilder {
  private readonly nodes: NewNode[] = [];
  private readonly initializers: NonNullable<NewGraphParts['initializers']>[number][] = [];
  private readonly values: NonNullable<NewGraphParts['values']>[number][] = [];
  private names = 0;

  /** @param prefix what all new names begin with. */
  constructor(private readonly prefix: string) {}

  /** Everything added so far. */
  get parts(): NewGraphParts {
    const { nodes, initializers, values } = this;
    return { nodes, initializers, values };
  }

  /** Adds a node of ONNX's own operators; answers the name of its only result. */
  add(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const result = this.name();
    this.nodes.push({ opType, inputs, outputs: [result], attributes });
    return result;
  }

  /**
   * Adds a node of any kind.
   * @param outputs which of its outputs it has; the others are left out.
   * @returns their names; empty for one that is left out.
   */
  addNode(node: Omit<NewNode, 'outputs'>, outputs: readonly boolean[]): string[] {
    const names = outputs.map((isThere) => (isThere ? this.name() : ''));
    this.nodes.push({ ...node, inputs: withoutTrailing(node.inputs), outputs: names });
    return names;
  }

  /** Adds a change of type. Where the value has it already, ONNX Runtime drops the node. */
  cast(value: string, dtype: DType): string {
    return this.add('Cast', [value], { to: { kind: 'int', value: dtypeNumber(dtype) } });
  }

  /** Adds a list of whole numbers, of shape [numbers.length] and type int64; answers its name. */
  integers(numbers: readonly number[]): string {
    const bytes = new Uint8Array(8 * numbers.length);
    const view = new DataView(bytes.buffer);
    numbers.forEach((number, index) => {
      view.setBigInt64(8 * index, BigInt(number), true);
    });
    return this.constant('int64', [numbers.length], bytes);
  }

  /** Adds one whole number, of shape [] and type int64; answers its name. */
  integer(number: number): string {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(number), true);
    return this.constant('int64', [], bytes);
  }

  /** Adds one number, of shape [] and type float32; answers its name. */
  number(value: number): string {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.constant('float32', [], bytes);
  }

  /** Says of what type a value is, for operators whose results ONNX Runtime cannot tell it of. */
  describe(name: string, dtype: DType): void {
    this.values.push({ name, dtype });
  }

  /**
   * Gives a value sizes that no other value has, for operators whose results ONNX Runtime thinks to
   * be of other sizes than they are: it keeps those names where it infers names itself, and gives no
   * two such values the same memory.
   */
  describeApart(name: string, dtype: DType, rank: number): void {
    const shape = Array.from({ length: rank }, (_, axis) => `${name}.${axis}`);
    this.values.push({ name, dtype, shape });
  }

  private constant(dtype: DType, dims: readonly number[], bytes: Uint8Array): string {
    const name = this.name();
    this.initializers.push({ name, dtype, dims, bytes });
    return name;
  }

  private name(): string {
    return `${this.prefix}.${this.names++}`;
  }
}

/** Optional inputs at the end may be left out; so they must be for older versions of operators. */
function withoutTrailing(inputs: readonly string[]): readonly string[] {
  return inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1);
}
