import type { Graph, Node, OnnxModel, TensorRef } from '../graph/model';
import { innerGraphs } from '../graph/walk';

/** The names that hold in a graph: its own, and those of the graphs around it. */
export class Scope {
  private readonly weights = new Map<string, TensorRef>();
  private readonly made = new Map<string, Node>();

  /** @param graph absent in a function, whose inputs come from its caller. */
  constructor(
    nodes: readonly Node[],
    readonly graph?: Graph,
    readonly outer?: Scope,
  ) {
    for (const node of nodes) {
      for (const output of node.outputs) {
        this.made.set(output, node);
      }
    }
    for (const { values } of graph?.sparseInitializers ?? []) {
      this.weights.set(values.name, values);
    }
    for (const tensor of graph?.initializers ?? []) {
      this.weights.set(tensor.name, tensor);
    }
  }

  /** The initializer of a name. */
  weight(name: string): TensorRef | undefined {
    return this.weights.get(name) ?? (this.made.has(name) ? undefined : this.outer?.weight(name));
  }

  /** The node that makes a value. */
  producer(name: string): Node | undefined {
    return this.made.get(name) ?? (this.weights.has(name) ? undefined : this.outer?.producer(name));
  }
}

/** A node, and where it stands. */
export interface PlacedNode {
  node: Node;
  scope: Scope;
  where: 'graph' | 'inner graph' | 'function';
}

/** Every node of a model, in the order of the file; those inside a node come after it. */
export function* everyNode(model: OnnxModel): Generator<PlacedNode> {
  yield* nodesOf(model.graph.nodes, new Scope(model.graph.nodes, model.graph), 'graph');
  for (const { nodes } of model.functions) {
    yield* nodesOf(nodes, new Scope(nodes), 'function');
  }
}

function* nodesOf(
  nodes: readonly Node[],
  scope: Scope,
  where: PlacedNode['where'],
): Generator<PlacedNode> {
  const within = where === 'graph' ? 'inner graph' : where;
  for (const node of nodes) {
    yield { node, scope, where };
    for (const graph of innerGraphs(node)) {
      yield* nodesOf(graph.nodes, new Scope(graph.nodes, graph, scope), within);
    }
  }
}
