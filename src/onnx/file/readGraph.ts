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
import { ATTRIBUTE, FUNCTION, GRAPH, NODE } from './schema';
import { SparseTensorBuilder, TensorBuilder } from './readTensor';
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
export class GraphBuilder {
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
      case 1:
        graph.nodes.push(await readNode(wire, field));
        break;
      case 2:
        graph.name = await wire.name(field);
        break;
      case 5:
        graph.initializers.push(await readTensor(wire, field));
        break;
      case 11:
        graph.inputs.push(await readValue(wire, field));
        break;
      case 12:
        graph.outputs.push(await readValue(wire, field));
        break;
      case 13:
        {
          const value = await readValue(wire, field);
          graph.values.set(value.name, value);
        }
        break;
      case 15:
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
      case 1:
        result.name = await wire.name(field);
        break;
      case 7:
        result.nodes.push(await readNode(wire, field));
        break;
      case 10:
        result.domain = await wire.name(field);
        break;
      case 11:
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
      case 1:
        wire.spend('entries', field);
        node.inputs.push(await wire.name(field));
        break;
      case 2:
        wire.spend('entries', field);
        node.outputs.push(await wire.name(field));
        break;
      case 3:
        node.name = await wire.name(field);
        break;
      case 4:
        node.opType = await wire.name(field);
        break;
      case 5:
        await readAttribute(wire, field, attributes);
        break;
      case 7:
        node.domain = withoutAlias(await wire.name(field));
        break;
      case 9:
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
  const attribute = new AttributeBuilder(wire, message);
  await attribute.read(message);
  const { name, value } = attribute.finish();
  // Of two, ONNX Runtime takes the first for one operator and the last for another.
  if (into.has(name)) {
    throw wire.malformed(phrase('Attribute “{0}” at byte {1} is given twice', name, message.at));
  }
  into.set(name, value);
}

/** The last value of the enum `AttributeProto.AttributeType`, which begins with 0 for none. */
const LAST_TYPE = 14;

/** The types of values that have tensors in them: TENSOR, GRAPH, lists of them, sparse ones. */
const HOLD_TENSORS: readonly number[] = [4, 5, 9, 10, 11, 12];

/** An AttributeProto in the making; `type` says which of its fields counts. */
class AttributeBuilder {
  private name = '';
  private typeNumber = 0;
  private hasReference = false;
  private float: number | undefined;
  private int: number | undefined;
  private string: string | undefined;
  private tensor: TensorBuilder | undefined;
  private graph: GraphBuilder | undefined;
  private sparse: SparseTensorBuilder | undefined;
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
      case 1:
        this.name = await wire.name(field);
        break;
      case 2:
        this.float = wire.float(field);
        break;
      case 3:
        this.int = wire.int64(field);
        break;
      case 4:
        this.string = await wire.text(field);
        break;
      case 5:
        this.tensor ??= new TensorBuilder(wire, field);
        await this.tensor.read(field);
        break;
      case 6:
        this.graph ??= new GraphBuilder(wire, field);
        await this.graph.read(field);
        break;
      case 7:
        await this.readList(field, this.floats, (to) => wire.floats(field, to));
        break;
      case 8:
        await this.readList(field, this.ints, (to) => wire.integers(field, to));
        break;
      case 9:
        await this.readList(field, this.strings, async (to) => {
          to.push((await wire.text(field)) ?? '');
        });
        break;
      case 10:
        this.tensors.push(await readTensor(wire, field));
        break;
      case 11:
        this.graphs.push(await readGraph(wire, field));
        break;
      case 20:
        {
          const type = wire.int32(field);
          // Protobuf steps over a value that an enum has not, and the one before it stays.
          this.typeNumber = type >= 0 && type <= LAST_TYPE ? type : this.typeNumber;
        }
        break;
      case 21:
        this.hasReference = true;
        break;
      case 22:
        this.sparse ??= new SparseTensorBuilder(wire, field);
        await this.sparse.read(field);
        break;
      case 23:
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
      case 1:
        return { kind: 'float', value: this.float ?? 0 };
      case 2:
        return { kind: 'int', value: this.int ?? 0 };
      case 3:
        return this.string === undefined
          ? { kind: 'other' }
          : { kind: 'string', value: this.string };
      case 4:
        return { kind: 'tensor', value: this.needed(this.tensor).finish() };
      case 5:
        return { kind: 'graph', value: this.needed(this.graph).finish() };
      case 6:
        return { kind: 'floats', value: this.floats };
      case 7:
        return { kind: 'ints', value: this.ints };
      case 8:
        return { kind: 'strings', value: this.strings };
      case 9:
        return { kind: 'tensors', value: this.tensors };
      case 10:
        return { kind: 'graphs', value: this.graphs };
      case 11:
        return { kind: 'sparse', value: this.needed(this.sparse).finish() };
      case 12:
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
  const graph = new GraphBuilder(wire, message);
  await graph.read(message);
  return graph.finish();
}

async function readTensor(wire: WireReader, message: Field): Promise<TensorRef> {
  const tensor = new TensorBuilder(wire, message);
  await tensor.read(message);
  return tensor.finish();
}

async function readSparse(wire: WireReader, message: Field): Promise<SparseTensorRef> {
  const sparse = new SparseTensorBuilder(wire, message);
  await sparse.read(message);
  return sparse.finish();
}
