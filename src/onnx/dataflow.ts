import { dtypeOf } from './dtype';
import type { DType, Graph, Node, ValueInfo } from './model';

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

/** A place where a value is used: it is `node.inputs[input]`. */
export interface Use {
  node: Node;
  input: number;
}

/** Who makes and who takes the values of one graph. */
export class Dataflow {
  private readonly producers = new Map<string, Node>();
  private readonly consumers = new Map<string, Use[]>();
  private readonly constants: ReadonlyMap<string, DType>;
  private readonly described: ReadonlyMap<string, ValueInfo>;

  constructor(graph: Graph) {
    const sparse = graph.sparseInitializers.map(({ values }) => values);
    this.constants = new Map(
      [...graph.initializers, ...sparse].map(({ name, dtype }) => [name, dtype]),
    );
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

  /** The node that makes a value; undefined for inputs and initializers of the graph. */
  producer(value: string | undefined): Node | undefined {
    return value === undefined ? undefined : this.producers.get(value);
  }

  uses(value: string): readonly Use[] {
    return this.consumers.get(value) ?? [];
  }

  /** Whether a value is the same in every run, as weights are. */
  isConstant(value: string | undefined): boolean {
    return (
      value !== undefined &&
      (this.constants.has(value) || this.producers.get(value)?.opType === 'Constant')
    );
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
      this.constants.get(value) ?? (described?.kind === 'tensor' ? described.dtype : undefined);
    return fromFile ?? dtypeMadeBy(this.producers.get(value));
  }
}

/** The element type that a node gives its result, whatever it takes. */
function dtypeMadeBy(node: Node | undefined): DType | undefined {
  const to = node?.opType === 'Cast' ? node.attributes.get('to') : undefined;
  const value = node?.opType === 'Constant' ? node.attributes.get('value') : undefined;
  return to?.kind === 'int'
    ? dtypeOf(to.value)
    : value?.kind === 'tensor'
      ? value.value.dtype
      : undefined;
}
