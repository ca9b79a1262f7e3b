import type { CompatibilityProblem } from '../../shared/modelOutline';
import { callsOf, inCallOrder } from '../graph/callGraph';
import { isConstantNode } from '../graph/constantNode';
import type { Graph, ModelFunction, Node, OnnxModel } from '../graph/model';
import { circularNode } from '../graph/topologicalOrder';
import { givenValues, graphsOf, innerGraphs } from '../graph/walk';

/**
 * Why no runtime could compute a model, whatever operators it has (onnx.ai, "Open Neural Network
 * Exchange Intermediate Representation", "Graphs"): values that nothing makes or that are made
 * twice, nodes in a circle, functions that call themselves.
 */
export function flawsOf({ graph, functions }: OnnxModel): CompatibilityProblem[] {
  const circular = graphsOf(graph)
    .map(({ nodes }) => circularNode(nodes))
    .find((node) => node !== undefined);
  const recursive = recursiveFunction(functions);
  return [
    ...missingValues(graph),
    ...ambiguousValues(graph),
    ...(circular === undefined ? [] : [{ kind: 'circular' as const, node: nameOf(circular) }]),
    ...(recursive === undefined ? [] : [{ kind: 'recursive' as const, function: recursive }]),
  ];
}

function missingValues(graph: Graph): CompatibilityProblem[] {
  const users = new Map<string, string | undefined>();
  collectMissing(graph, () => false, users);
  const [first] = users;
  if (first === undefined) {
    return [];
  }
  const [value, node] = first;
  return [{ kind: 'missing', value, ...(node !== undefined && { node }), values: users.size }];
}

/** @param isAround whether a value is one of the graphs around this one. */
function collectMissing(
  graph: Graph,
  isAround: (name: string) => boolean,
  users: Map<string, string | undefined>,
): void {
  const own = new Set([
    '',
    ...givenValues(graph),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const isKnown = (name: string): boolean => own.has(name) || isAround(name);
  const need = (name: string, user?: string): void => {
    if (!isKnown(name) && !users.has(name)) {
      users.set(name, user);
    }
  };
  for (const node of graph.nodes) {
    node.inputs.forEach((name) => need(name, nameOf(node)));
    innerGraphs(node).forEach((inner) => collectMissing(inner, isKnown, users));
  }
  graph.outputs.forEach(({ name }) => need(name));
}

function ambiguousValues(whole: Graph): CompatibilityProblem[] {
  const ambiguous = new Set<string>();
  for (const graph of graphsOf(whole)) {
    // Of constants and initializers of one name the runtime takes one, with a warning.
    const constants = graph.nodes.filter(isConstantNode);
    const made = new Set([
      ...graph.initializers.map(({ name }) => name),
      ...constants.flatMap(({ outputs }) => outputs),
    ]);
    const inputs = new Set<string>();
    for (const { name } of graph.inputs) {
      // An initializer may be an input too, whose value it is if the caller gives none.
      if (inputs.has(name)) {
        ambiguous.add(name);
      }
      inputs.add(name);
      made.add(name);
    }
    const computed = graph.nodes.filter((node) => !isConstantNode(node));
    for (const name of computed.flatMap(({ outputs }) => outputs)) {
      if (name !== '' && made.has(name)) {
        ambiguous.add(name);
      }
      made.add(name);
    }
  }
  const [value] = ambiguous;
  return value === undefined ? [] : [{ kind: 'ambiguous', value, values: ambiguous.size }];
}

/** A function that calls itself, by itself or by way of others. */
function recursiveFunction(functions: readonly ModelFunction[]): string | undefined {
  const recursive: string[] = [];
  inCallOrder(
    callsOf(functions),
    () => undefined,
    (id) => recursive.push(id),
  );
  return recursive[0];
}

/** What a node is called in messages. */
function nameOf({ name, opType }: Node): string {
  return name || opType;
}
