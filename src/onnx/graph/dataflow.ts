import { heldBy, type HeldConstant } from './constantNode';
import type { DType, Dimension, Graph, Node, TensorRef, ValueInfo, ValueType } from './model';
import { givenValues, innerGraphs } from './walk';

/** Values looked at to learn whether one is made of weights alone. Half a dozen is usual. */
const FIXED_STEPS = 64;

/** A place where a value is used: it is `node.inputs[input]`. */
export interface Use {
  node: Node;
  input: number;
}

/**
 * The one view of a graph: who makes and who takes its values, what is stored, and what the graphs
 * around it hold. Indices are built when they are first asked for.
 */
export class Dataflow {
  private readonly made = new Map<string, Node>();
  private taken: ReadonlyMap<string, Use[]> | undefined;
  private described: ReadonlyMap<string, ValueInfo> | undefined;
  private inputs: ReadonlySet<string> | undefined;
  private readonly dense: ReadonlyMap<string, TensorRef>;
  private readonly sparse: ReadonlyMap<string, TensorRef>;
  /** What `Constant`s hold, under the names of their results. */
  private readonly constants = new Map<string, TensorRef>();
  /** What {@link isFixed} answered: the same values are asked for again and again. */
  private readonly fixed = new Map<string, boolean>();

  /** @param outer the graph around this one, whose values it may take as well. */
  constructor(
    readonly graph: Graph,
    readonly outer?: Dataflow,
  ) {
    this.dense = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
    this.sparse = new Map(graph.sparseInitializers.map(({ values }) => [values.name, values]));
    for (const node of graph.nodes) {
      for (const output of node.outputs) {
        this.made.set(output, node);
      }
      const held = heldBy(node)?.tensor;
      const [name] = node.outputs;
      if (held !== undefined && name !== undefined) {
        this.constants.set(name, { ...held, name });
      }
    }
  }

  /** The node that makes a value; undefined for inputs and initializers. */
  producer(value: string | undefined): Node | undefined {
    return value === undefined ? undefined : (this.made.get(value) ?? this.outer?.producer(value));
  }

  /** Where a value is used in this graph. */
  uses(value: string | undefined): readonly Use[] {
    this.taken ??= usesIn(this.graph);
    return value === undefined ? [] : (this.taken.get(value) ?? []);
  }

  /** The initializer of a name, dense or sparse; of a sparse one its values. */
  initializer(name: string): TensorRef | undefined {
    return this.ownInitializer(name) ?? this.around(name)?.initializer(name);
  }

  /** The dense tensor of a name, if it is stored: an initializer, or what a `Constant` holds. */
  storedTensor(name: string | undefined): TensorRef | undefined {
    if (name === undefined || name === '') {
      return undefined;
    }
    const own = this.constants.get(name) ?? this.dense.get(name);
    return own ?? this.around(name)?.storedTensor(name);
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
    const described = this.typeInFile(value);
    return this.constant(value)?.dims ?? described?.shape ?? this.outer?.shape(value);
  }

  /** The element type of a value, as far as the file says it. */
  dtype(value: string): DType | undefined {
    const described = this.typeInFile(value);
    return this.constant(value)?.dtype ?? described?.dtype ?? this.outer?.dtype(value);
  }

  /** Type and shape of a value that is the same in every run. */
  constant(value: string): Pick<HeldConstant, 'dtype' | 'dims'> | undefined {
    const weight = this.ownInitializer(value);
    if (weight !== undefined) {
      return weight;
    }
    const node = this.made.get(value);
    return node === undefined ? this.outer?.constant(value) : heldBy(node);
  }

  /** Whether a value comes from outside the model, in each run another. */
  isInput(value: string): boolean {
    this.inputs ??= new Set(this.graph.inputs.map(({ name }) => name));
    return this.inputs.has(value)
      ? this.ownInitializer(value) === undefined
      : this.outer?.isInput(value) === true;
  }

  private ownInitializer(name: string): TensorRef | undefined {
    return this.dense.get(name) ?? this.sparse.get(name);
  }

  /** The graph around this one, where a name that this one does not make is looked for. */
  private around(name: string): Dataflow | undefined {
    return this.made.has(name) ? undefined : this.outer;
  }

  private typeInFile(value: string): Extract<ValueType, { kind: 'tensor' }> | undefined {
    const { values, inputs, outputs } = this.graph;
    this.described ??= new Map(
      [...values.values(), ...inputs, ...outputs].map((each) => [each.name, each]),
    );
    const type = this.described.get(value)?.type;
    return type?.kind === 'tensor' ? type : undefined;
  }
}

function usesIn({ nodes }: Graph): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const node of nodes) {
    node.inputs.forEach((value, input) => {
      const known = uses.get(value);
      if (known === undefined) {
        uses.set(value, [{ node, input }]);
      } else {
        known.push({ node, input });
      }
    });
  }
  return uses;
}

/** What a node takes: its inputs, and what the graphs inside it take from around them. */
export function operands(node: Node): string[] {
  const inner = innerGraphs(node);
  return inner.length === 0 ? node.inputs : [...node.inputs, ...inner.flatMap(captured)];
}

function captured(graph: Graph): string[] {
  const own = new Set([...givenValues(graph), ...graph.nodes.flatMap(({ outputs }) => outputs)]);
  const taken = [...graph.nodes.flatMap(operands), ...graph.outputs.map(({ name }) => name)];
  return taken.filter((name) => !own.has(name));
}
