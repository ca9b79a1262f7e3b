import type { Graph, Node, OnnxModel, TensorRef } from '../../onnx/graph/model';
import type { ModuleName } from '../../onnx/graph/modulePath';
import { operatorName } from '../../onnx/graph/operators';
import { topologicalOrder } from '../../onnx/graph/topologicalOrder';

/** A node of a graph, or of one inside another node. */
export interface FlatNode {
  node: Node;
  /** The graph that it stands in. */
  graph: Graph;
  /** Modules that stand for the nodes and branches that it is inside of, the outermost first. */
  around: readonly ModuleName[];
  /** Indices of values; null where an input is left out. What branches answer stands behind the inputs. */
  inputs: (number | null)[];
  outputs: (number | null)[];
}

export interface FlatValue {
  name: string;
  graph: Graph;
  tensor?: TensorRef;
}

/** All nodes of a model in one list, those of branches and bodies included. */
export interface FlatGraph {
  /** In an order in which they can run, as long as none is circular. */
  nodes: FlatNode[];
  values: FlatValue[];
  /** Values that a run is given, and that it answers. */
  inputs: number[];
  outputs: number[];
  /** A node that depends on its own result. */
  circular?: string;
}

/**
 * Brings the nodes of a model into one list. A branch takes values of the graphs around it by their names;
 * what it answers goes into the node that it is a branch of. Bodies of functions are not opened: the file does
 * not tell how their values are called outside.
 */
export function flatGraph({ graph }: OnnxModel): FlatGraph {
  const flat: FlatGraph = { nodes: [], values: [], inputs: [], outputs: [] };
  const scope = addGraph(flat, graph, undefined, [], new Map());
  flat.inputs = graph.inputs
    .filter(({ name }) => !scope.tensors.has(name))
    .map(({ name }) => scope.find(name));
  flat.outputs = graph.outputs.map(({ name }) => scope.find(name));
  return flat;
}

/** The values of a graph, by their names in it. */
class Scope {
  readonly tensors: ReadonlyMap<string, TensorRef>;
  private readonly own = new Map<string, number>();

  constructor(
    private readonly flat: FlatGraph,
    private readonly graph: Graph,
    private readonly outer: Scope | undefined,
    given: ReadonlyMap<string, number>,
  ) {
    const stored = [...graph.initializers, ...graph.sparseInitializers.map(({ values }) => values)];
    this.tensors = new Map(stored.map((tensor) => [tensor.name, tensor]));
    given.forEach((value, name) => this.own.set(name, value));
    const made = graph.nodes.flatMap(({ outputs }) => outputs);
    for (const name of [...graph.inputs.map((input) => input.name), ...made]) {
      if (name !== '' && !this.own.has(name)) {
        this.add(name);
      }
    }
  }

  /** The value of a name; one that nothing makes is made up, for a broken file to be drawn. */
  find(name: string): number {
    return this.known(name) ?? this.add(name);
  }

  private known(name: string): number | undefined {
    const own = this.own.get(name);
    if (own !== undefined) {
      return own;
    }
    return this.tensors.has(name) ? this.add(name) : this.outer?.known(name);
  }

  private add(name: string): number {
    const tensor = this.tensors.get(name);
    const index = this.flat.values.length;
    this.flat.values.push({ name, graph: this.graph, ...(tensor === undefined ? {} : { tensor }) });
    this.own.set(name, index);
    return index;
  }
}

function addGraph(
  flat: FlatGraph,
  graph: Graph,
  outer: Scope | undefined,
  around: readonly ModuleName[],
  given: ReadonlyMap<string, number>,
): Scope {
  const scope = new Scope(flat, graph, outer, given);
  const { order, circular } = topologicalOrder(graph.nodes);
  if (circular !== undefined) {
    flat.circular ??= circular.name === '' ? operatorName(circular) : circular.name;
  }
  for (const node of circular === undefined ? order : graph.nodes) {
    const value = (name: string): number | null => (name === '' ? null : scope.find(name));
    const inputs = node.inputs.map(value);
    const inner = bodiesOf(node);
    const within = inner.length === 0 ? around : [...around, moduleOf(node)];
    const answers = inner.flatMap(({ name, body }) => {
      const bound = boundInputs(node, body, inputs);
      const inside = addGraph(flat, body, scope, [...within, { name }], bound);
      return body.outputs.map((output) => inside.find(output.name));
    });
    const outputs = node.outputs.map(value);
    flat.nodes.push({ node, graph, around: within, inputs: [...inputs, ...answers], outputs });
  }
  return scope;
}

/** Branches and bodies of a node, by the attributes that hold them. */
function bodiesOf({ attributes }: Node): { name: string; body: Graph }[] {
  return Array.from(attributes).flatMap(([name, attribute]) => {
    switch (attribute.kind) {
      case 'graph':
        return [{ name, body: attribute.value }];
      case 'graphs':
        return attribute.value.map((body, index) => ({ name: `${name} ${index}`, body }));
      default:
        return [];
    }
  });
}

/** What stands for a node with graphs inside. */
function moduleOf(node: Node): ModuleName {
  const name = node.name.split('/').at(-1) ?? '';
  return { name: name === '' ? node.opType : name, type: node.opType };
}

/**
 * Inputs of a body that are inputs of its node: of a `Loop` those behind the count and the condition, of a
 * `Scan` all (onnx.ai, "Operators"). They change from turn to turn, and begin as these.
 */
function boundInputs(
  { opType }: Node,
  body: Graph,
  inputs: readonly (number | null)[],
): ReadonlyMap<string, number> {
  const first = opType === 'Loop' ? 2 : opType === 'Scan' ? 0 : Infinity;
  return new Map(
    body.inputs.flatMap(({ name }, index) => {
      const value = inputs[index];
      return index >= first && value !== null && value !== undefined
        ? [[name, value] as const]
        : [];
    }),
  );
}
