import type {
  Attribute,
  Graph,
  ModelFunction,
  Node,
  OnnxModel,
  SparseTensorRef,
  TensorRef,
} from './model';

/**
 * Every tensor of a model: initializers and constants, those of inner graphs, of functions and of
 * training too.
 */
export function* allTensors(model: OnnxModel): Generator<TensorRef> {
  yield* ofGraph(model.graph);
  for (const { nodes, defaults } of model.functions) {
    yield* ofNodes(nodes);
    yield* ofAttributes(defaults);
  }
  for (const graph of model.training) {
    yield* ofGraph(graph);
  }
}

/** The graphs in a node's attributes: branches of `If`, bodies of `Loop` and `Scan`. */
export function innerGraphs({ attributes }: Pick<Node, 'attributes'>): Graph[] {
  return [...attributes.values()].flatMap((attribute) => {
    switch (attribute.kind) {
      case 'graph':
        return [attribute.value];
      case 'graphs':
        return attribute.value;
      default:
        return [];
    }
  });
}

function* ofGraph(graph: Graph): Generator<TensorRef> {
  yield* graph.initializers;
  for (const sparse of graph.sparseInitializers) {
    yield* ofSparse(sparse);
  }
  yield* ofNodes(graph.nodes);
}

function* ofNodes(nodes: readonly Node[]): Generator<TensorRef> {
  for (const { attributes } of nodes) {
    yield* ofAttributes(attributes);
  }
}

function* ofAttributes(attributes: Node['attributes']): Generator<TensorRef> {
  for (const attribute of attributes.values()) {
    yield* ofAttribute(attribute);
  }
  for (const graph of innerGraphs({ attributes })) {
    yield* ofGraph(graph);
  }
}

function* ofAttribute(attribute: Attribute): Generator<TensorRef> {
  if (attribute.kind === 'tensor') {
    yield attribute.value;
  } else if (attribute.kind === 'tensors') {
    yield* attribute.value;
  } else if (attribute.kind === 'sparse') {
    yield* ofSparse(attribute.value);
  } else if (attribute.kind === 'sparses') {
    for (const sparse of attribute.value) {
      yield* ofSparse(sparse);
    }
  }
}

function* ofSparse({ values, indices }: SparseTensorRef): Generator<TensorRef> {
  yield values;
  yield indices;
}

/** Every graph of a model: its own, and those in nodes. */
export function graphsOf(graph: Graph): Graph[] {
  return [graph, ...graph.nodes.flatMap(innerGraphs).flatMap(graphsOf)];
}

/** Every node of a model, its functions among them, in the order of the file. */
export function* everyNode({ graph, functions }: OnnxModel): Generator<Node> {
  yield* nodesWithin(graph.nodes);
  for (const { nodes } of functions) {
    yield* nodesWithin(nodes);
  }
}

/** Nodes, and those of the graphs inside each after it. */
export function* nodesWithin(nodes: readonly Node[]): Generator<Node> {
  for (const node of nodes) {
    yield node;
    for (const inner of innerGraphs(node)) {
      yield* nodesWithin(inner.nodes);
    }
  }
}

/** The values that a graph has before anything is computed. An initializer may be an input too. */
export function givenValues({ inputs, initializers, sparseInitializers }: Graph): string[] {
  return [...inputs, ...initializers, ...sparseInitializers.map(({ values }) => values)].map(
    ({ name }) => name,
  );
}

/** A function as a graph; what it takes from its callers is unknown here. */
export function bodyOf({ name, nodes }: ModelFunction): Graph {
  return {
    name,
    nodes,
    inputs: [],
    outputs: [],
    values: new Map(),
    initializers: [],
    sparseInitializers: [],
  };
}
