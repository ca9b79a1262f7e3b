import { intAttribute } from './attributes';
import { dtypeOf } from './dtype';
import type { DType, Dimension, Graph, Node, TensorRef, ValueInfo } from './model';
import { innerGraphs } from './walk';

/** Operators whose result has the element type of each of these inputs. */
const SAME_TYPE_INPUTS: ReadonlyMap<string, readonly number[]> = new Map([
  ['Softmax', [0]],
  ['Where', [2, 1]],
  ['Add', [0, 1]],
  ['Mul', [0, 1]],
  ['Div', [0, 1]],
  ['MatMul', [0, 1]],
  ['Gemm', [0, 1]],
  ['Reshape', [0]],
  ['Transpose', [0]],
  ['Split', [0]],
  ['Identity', [0]],
]);

/** Operators looked at to learn the type of a value. From probabilities to a weight: about ten. */
const TYPE_STEPS = 32;

/** Values looked at to learn whether one is made of weights alone. Half a dozen is usual. */
const FIXED_STEPS = 64;

/** A place where a value is used: it is `node.inputs[input]`. */
export interface Use {
  node: Node;
  input: number;
}

/** What is known of a value that is the same in every run. */
export interface Constant {
  dtype?: DType;
  dims: readonly number[];
}

/** Who makes and who takes the values of one graph. */
export class Dataflow {
  private readonly producers = new Map<string, Node>();
  private readonly consumers = new Map<string, Use[]>();
  private readonly weights: ReadonlyMap<string, TensorRef>;
  private readonly described: ReadonlyMap<string, ValueInfo>;
  private readonly inputs: ReadonlySet<string>;
  /** What {@link isFixed} answered: the same values are asked for again and again. */
  private readonly fixed = new Map<string, boolean>();

  /** @param outer the graph around this one, whose values it may take as well. */
  constructor(
    graph: Graph,
    private readonly outer?: Dataflow,
  ) {
    const sparse = graph.sparseInitializers.map(({ values }) => values);
    this.weights = new Map(
      [...graph.initializers, ...sparse].map((tensor) => [tensor.name, tensor]),
    );
    this.inputs = new Set(graph.inputs.map(({ name }) => name));
    this.described = new Map(
      [...graph.values.values(), ...graph.inputs, ...graph.outputs].map((v) => [v.name, v]),
    );
    for (const node of graph.nodes) {
      for (const output of node.outputs) {
        this.producers.set(output, node);
      }
      node.inputs.forEach((value, input) => {
        const uses = this.consumers.get(value);
        if (uses === undefined) {
          this.consumers.set(value, [{ node, input }]);
        } else {
          uses.push({ node, input });
        }
      });
    }
  }

  /** The node that makes a value; undefined for inputs and initializers. */
  producer(value: string | undefined): Node | undefined {
    return value === undefined
      ? undefined
      : (this.producers.get(value) ?? this.outer?.producer(value));
  }

  /** Where a value is used in this graph. */
  uses(value: string): readonly Use[] {
    return this.consumers.get(value) ?? [];
  }

  /** Whether a value is the same in every run, as weights are. */
  isConstant(value: string | undefined): boolean {
    return value !== undefined && this.constant(value) !== undefined;
  }

  /**
   * Whether a value is made of constants alone, as weights are that the graph turns, casts or
   * dequantises before it uses them.
   */
  isFixed(value: string): boolean {
    const known = this.fixed.get(value);
    if (known !== undefined) {
      return known;
    }
    const fixed = this.findFixed(value);
    this.fixed.set(value, fixed);
    return fixed;
  }

  private findFixed(value: string): boolean {
    const waiting = [value];
    for (let step = 0; step < FIXED_STEPS; step++) {
      const next = waiting.pop();
      if (next === undefined) {
        return true;
      }
      if (next === '' || this.isConstant(next)) {
        continue;
      }
      const inputs = this.producer(next)?.inputs ?? [];
      if (inputs.length === 0) {
        return false;
      }
      waiting.push(...inputs.slice(0, FIXED_STEPS));
    }
    return false;
  }

  /** The shape of a value, as far as the file says it. */
  shape(value: string): readonly Dimension[] | undefined {
    const described = this.described.get(value)?.type;
    const shape = described?.kind === 'tensor' ? described.shape : undefined;
    return this.constant(value)?.dims ?? shape ?? this.outer?.shape(value);
  }

  /** Type and shape of a value that is the same in every run. */
  constant(value: string): Constant | undefined {
    const weight = this.weights.get(value);
    if (weight !== undefined) {
      return weight;
    }
    const node = this.producers.get(value);
    return node === undefined ? this.outer?.constant(value) : constantMadeBy(node);
  }

  /** Whether a value comes from outside the model, in each run another. */
  isInput(value: string): boolean {
    return this.inputs.has(value) ? !this.weights.has(value) : this.outer?.isInput(value) === true;
  }

  /** Element type of a value, where the file tells it or the operators before it do. */
  dtype(value: string): DType | undefined {
    let candidates = [value];
    for (let step = 0; step < TYPE_STEPS; step++) {
      for (const candidate of candidates) {
        const dtype = this.knownDtype(candidate);
        if (dtype !== undefined) {
          return dtype;
        }
      }
      const node = this.producer(candidates[0]);
      const inputs = node === undefined ? [] : (SAME_TYPE_INPUTS.get(node.opType) ?? []);
      candidates = inputs.flatMap((input) => node?.inputs[input] ?? []);
    }
    return undefined;
  }

  private knownDtype(value: string): DType | undefined {
    const described = this.described.get(value)?.type;
    const fromFile =
      this.constant(value)?.dtype ?? (described?.kind === 'tensor' ? described.dtype : undefined);
    return fromFile ?? castBy(this.producers.get(value)) ?? this.outer?.knownDtype(value);
  }
}

/** What a node takes: its inputs, and what the graphs inside it take from around them. */
export function operands(node: Node): string[] {
  const inner = innerGraphs(node);
  return inner.length === 0 ? node.inputs : [...node.inputs, ...inner.flatMap(captured)];
}

function captured(graph: Graph): string[] {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.sparseInitializers.map(({ values }) => values.name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const taken = [...graph.nodes.flatMap(operands), ...graph.outputs.map(({ name }) => name)];
  return taken.filter((name) => !own.has(name));
}

/** What a `Constant` holds, which may be written in other ways than as a tensor. */
function constantMadeBy({ domain, opType, attributes }: Node): Constant | undefined {
  if (domain !== '' || opType !== 'Constant') {
    return undefined;
  }
  const [attribute] = attributes.values();
  switch (attribute?.kind) {
    case 'tensor':
      return attribute.value;
    case 'float':
      return { dtype: 'float32', dims: [] };
    case 'floats':
      return { dtype: 'float32', dims: [attribute.value.length] };
    case 'int':
      return { dtype: 'int64', dims: [] };
    case 'ints':
      return { dtype: 'int64', dims: [attribute.value.length] };
    default:
      return { dims: [] };
  }
}

/** The element type that a `Cast` gives its result, whatever it takes. */
function castBy(node: Node | undefined): DType | undefined {
  const to = node?.opType === 'Cast' ? intAttribute(node, 'to') : undefined;
  return to === undefined ? undefined : dtypeOf(to);
}
