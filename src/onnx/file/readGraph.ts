import { phrase } from '../../shared/failure';
import type {
  Attribute,
  Graph,
  ModelFunction,
  Node,
  SparseTensorRef,
  TensorRef,
  ValueInfo,
} from '../graph/model';
import { readEntry } from './readEntry';
import { ATTRIBUTE, ATTRIBUTE_TYPE, FUNCTION, GRAPH, NODE } from './schema';
import { SparseTensorReader, TensorMessageReader } from './readTensor';
import { readValue } from './readValue';
import type { Field, WireReader } from './wireReader';

/**
 * What is kept of a node's metadata: which module it comes from, as PyTorch's newer exporter tells
 * it. The stack traces beside it can outweigh everything else in the file.
 */
const NODE_METADATA: ReadonlySet<string> = new Set([
  'namespace',
  'pkg.torch.onnx.class_hierarchy',
  'pkg.torch.onnx.name_scopes',
]);

/** Shared by all nodes that have none, so that a file of empty nodes cannot fill the memory. */
const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

/** A GraphProto in the making. */
export class GraphReader {
  private readonly graph = {
    name: '',
    nodes: [] as Node[],
    inputs: [] as ValueInfo[],
    outputs: [] as ValueInfo[],
    values: new Map<string, ValueInfo>(),
    initializers: [] as TensorRef[],
    sparseInitializers: [] as SparseTensorRef[],
  } satisfies Graph;

  constructor(
    private readonly wire: WireReader,
    first: Field,
  ) {
    wire.spend('graphs', first);
  }

  read(message: Field): Promise<void> {
    return this.wire.readMessage(message, GRAPH, (field) => this.readField(field));
  }

  finish(): Graph {
    return this.graph;
  }

  private async readField(field: Field): Promise<void> {
    const { wire, graph } = this;
    switch (field.number) {
      case GRAPH.node:
        graph.nodes.push(await readNode(wire, field));
        break;
      case GRAPH.name:
        graph.name = await wire.name(field);
        break;
      case GRAPH.initializer:
        graph.initializers.push(await readTensor(wire, field));
        break;
      case GRAPH.input:
        graph.inputs.push(await readValue(wire, field));
        break;
      case GRAPH.output:
        graph.outputs.push(await readValue(wire, field));
        break;
      case GRAPH.value_info:
        {
          const value = await readValue(wire, field);
          graph.values.set(value.name, value);
        }
        break;
      case GRAPH.sparse_initializer:
        graph.sparseInitializers.push(await readSparse(wire, field));
        break;
    }
  }
}

/** A domain as ONNX writes it: `ai.onnx` is another name of the empty one. */
export function withoutAlias(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** Reads a FunctionProto. */
export async function readFunction(wire: WireReader, message: Field): Promise<ModelFunction> {
  wire.spend('entries', message);
  const defaults = new Map<string, Attribute>();
  const result: ModelFunction = { domain: '', name: '', nodes: [], defaults };
  await wire.readMessage(message, FUNCTION, async (field) => {
    switch (field.number) {
      case FUNCTION.name:
        result.name = await wire.name(field);
        break;
      case FUNCTION.node:
        result.nodes.push(await readNode(wire, field));
        break;
      case FUNCTION.domain:
        result.domain = await wire.name(field);
        break;
      case FUNCTION.attribute_proto:
        await readAttribute(wire, field, defaults);
        break;
    }
  });
  return result;
}

async function readNode(wire: WireReader, message: Field): Promise<Node> {
  wire.spend('nodes', message);
  const attributes = new Map<string, Attribute>();
  const metadata = new Map<string, string>();
  const node: Node = {
    name: '',
    opType: '',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: NOTHING,
    metadata: NOTHING,
  };
  await wire.readMessage(message, NODE, async (field) => {
    switch (field.number) {
      case NODE.input:
        wire.spend('entries', field);
        node.inputs.push(await wire.name(field));
        break;
      case NODE.output:
        wire.spend('entries', field);
        node.outputs.push(await wire.name(field));
        break;
      case NODE.name:
        node.name = await wire.name(field);
        break;
      case NODE.op_type:
        node.opType = await wire.name(field);
        break;
      case NODE.attribute:
        await readAttribute(wire, field, attributes);
        break;
      case NODE.domain:
        node.domain = withoutAlias(await wire.name(field));
        break;
      case NODE.metadata_props:
        await readEntry(wire, field, metadata, NODE_METADATA);
        break;
    }
  });
  node.attributes = attributes.size > 0 ? attributes : NOTHING;
  node.metadata = metadata.size > 0 ? metadata : NOTHING;
  return node;
}

async function readAttribute(
  wire: WireReader,
  message: Field,
  into: Map<string, Attribute>,
): Promise<void> {
  wire.spend('entries', message);
  const attribute = new AttributeReader(wire, message);
  await attribute.read(message);
  const { name, value } = attribute.finish();
  // Of two, ONNX Runtime takes the first for one operator and the last for another.
  if (into.has(name)) {
    throw wire.malformed(phrase('Attribute “{0}” at byte {1} is given twice', name, message.at));
  }
  into.set(name, value);
}

/** The values of the enum, which begins with 0 for none. */
const TYPES: ReadonlySet<number> = new Set([0, ...Object.values(ATTRIBUTE_TYPE)]);

/** The types of values that have tensors in them. */
const HOLD_TENSORS: readonly number[] = [
  ATTRIBUTE_TYPE.TENSOR,
  ATTRIBUTE_TYPE.GRAPH,
  ATTRIBUTE_TYPE.TENSORS,
  ATTRIBUTE_TYPE.GRAPHS,
  ATTRIBUTE_TYPE.SPARSE_TENSOR,
  ATTRIBUTE_TYPE.SPARSE_TENSORS,
];

/** An AttributeProto in the making; `type` says which of its fields counts. */
class AttributeReader {
  private name = '';
  private typeNumber = 0;
  private hasReference = false;
  private float: number | undefined;
  private int: number | undefined;
  private string: string | undefined;
  private tensor: TensorMessageReader | undefined;
  private graph: GraphReader | undefined;
  private sparse: SparseTensorReader | undefined;
  private readonly floats: number[] = [];
  private readonly ints: number[] = [];
  private readonly strings: string[] = [];
  private readonly tensors: TensorRef[] = [];
  private readonly graphs: Graph[] = [];
  private readonly sparses: SparseTensorRef[] = [];

  constructor(
    private readonly wire: WireReader,
    private readonly first: Field,
  ) {}

  read(message: Field): Promise<void> {
    return this.wire.readMessage(message, ATTRIBUTE, (field) => this.readField(field));
  }

  finish(): { name: string; value: Attribute } {
    return { name: this.name, value: this.value() };
  }

  private async readField(field: Field): Promise<void> {
    const { wire } = this;
    switch (field.number) {
      case ATTRIBUTE.name:
        this.name = await wire.name(field);
        break;
      case ATTRIBUTE.f:
        this.float = wire.float(field);
        break;
      case ATTRIBUTE.i:
        this.int = wire.int64(field);
        break;
      case ATTRIBUTE.s:
        this.string = await wire.text(field);
        break;
      case ATTRIBUTE.t:
        this.tensor ??= new TensorMessageReader(wire, field);
        await this.tensor.read(field);
        break;
      case ATTRIBUTE.g:
        this.graph ??= new GraphReader(wire, field);
        await this.graph.read(field);
        break;
      case ATTRIBUTE.floats:
        await this.readList(field, this.floats, (to) => wire.floats(field, to));
        break;
      case ATTRIBUTE.ints:
        await this.readList(field, this.ints, (to) => wire.integers(field, to));
        break;
      case ATTRIBUTE.strings:
        await this.readList(field, this.strings, async (to) => {
          to.push((await wire.text(field)) ?? '');
        });
        break;
      case ATTRIBUTE.tensors:
        this.tensors.push(await readTensor(wire, field));
        break;
      case ATTRIBUTE.graphs:
        this.graphs.push(await readGraph(wire, field));
        break;
      case ATTRIBUTE.type:
        {
          const type = wire.int32(field);
          // Protobuf steps over a value that an enum has not, and the one before it stays.
          this.typeNumber = TYPES.has(type) ? type : this.typeNumber;
        }
        break;
      case ATTRIBUTE.ref_attr_name:
        this.hasReference = true;
        break;
      case ATTRIBUTE.sparse_tensor:
        this.sparse ??= new SparseTensorReader(wire, field);
        await this.sparse.read(field);
        break;
      case ATTRIBUTE.sparse_tensors:
        this.sparses.push(await readSparse(wire, field));
        break;
    }
  }

  private async readList<T>(
    field: Field,
    list: T[],
    read: (to: T[]) => Promise<void>,
  ): Promise<void> {
    const before = list.length;
    await read(list);
    this.wire.spend('elements', field, list.length - before);
  }

  private value(): Attribute {
    const type = this.hasReference ? 0 : this.typeNumber || this.impliedType();
    this.refuseOthers(type);
    switch (type) {
      case ATTRIBUTE_TYPE.FLOAT:
        return { kind: 'float', value: this.float ?? 0 };
      case ATTRIBUTE_TYPE.INT:
        return { kind: 'int', value: this.int ?? 0 };
      case ATTRIBUTE_TYPE.STRING:
        return this.string === undefined
          ? { kind: 'other' }
          : { kind: 'string', value: this.string };
      case ATTRIBUTE_TYPE.TENSOR:
        return { kind: 'tensor', value: this.needed(this.tensor).finish() };
      case ATTRIBUTE_TYPE.GRAPH:
        return { kind: 'graph', value: this.needed(this.graph).finish() };
      case ATTRIBUTE_TYPE.FLOATS:
        return { kind: 'floats', value: this.floats };
      case ATTRIBUTE_TYPE.INTS:
        return { kind: 'ints', value: this.ints };
      case ATTRIBUTE_TYPE.STRINGS:
        return { kind: 'strings', value: this.strings };
      case ATTRIBUTE_TYPE.TENSORS:
        return { kind: 'tensors', value: this.tensors };
      case ATTRIBUTE_TYPE.GRAPHS:
        return { kind: 'graphs', value: this.graphs };
      case ATTRIBUTE_TYPE.SPARSE_TENSOR:
        return { kind: 'sparse', value: this.needed(this.sparse).finish() };
      case ATTRIBUTE_TYPE.SPARSE_TENSORS:
        return { kind: 'sparses', value: this.sparses };
      default:
        return { kind: 'other' };
    }
  }

  /** The first value of each type, by the number of the type less one. */
  private present(): unknown[] {
    return [
      this.float,
      this.int,
      this.string,
      this.tensor,
      this.graph,
      this.floats[0],
      this.ints[0],
      this.strings[0],
      this.tensors[0],
      this.graphs[0],
      this.sparse,
      this.sparses[0],
    ];
  }

  /** Files older than the `type` field leave it to the one field that is there. */
  private impliedType(): number {
    return this.present().findIndex((value) => value !== undefined) + 1;
  }

  /**
   * Throws if there are tensors or graphs that do not count: some of ONNX Runtime's code takes
   * them all the same, and would read files that nobody has checked.
   */
  private refuseOthers(type: number): void {
    const values = this.present();
    if (HOLD_TENSORS.some((other) => other !== type && values[other - 1] !== undefined)) {
      throw this.wire.malformed(
        phrase(
          'Attribute “{0}” at byte {1} has a value of a type that is not its own',
          this.name,
          this.first.at,
        ),
      );
    }
  }

  private needed<T>(value: T | undefined): T {
    if (value === undefined) {
      throw this.wire.malformed(
        phrase('Attribute “{0}” at byte {1} has no value', this.name, this.first.at),
      );
    }
    return value;
  }
}

/** Reads a GraphProto that is not merged with others. */
export async function readGraph(wire: WireReader, message: Field): Promise<Graph> {
  const graph = new GraphReader(wire, message);
  await graph.read(message);
  return graph.finish();
}

async function readTensor(wire: WireReader, message: Field): Promise<TensorRef> {
  const tensor = new TensorMessageReader(wire, message);
  await tensor.read(message);
  return tensor.finish();
}

async function readSparse(wire: WireReader, message: Field): Promise<SparseTensorRef> {
  const sparse = new SparseTensorReader(wire, message);
  await sparse.read(message);
  return sparse.finish();
}
