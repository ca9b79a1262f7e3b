import { Failure, phrase } from '../shared/failure';
import type { Attention } from './attention';
import { operands } from './dataflow';
import type { Graph, Node } from './model';

/**
 * Attention in the order in which a graph computes it. ONNX requires nodes to stand in that order
 * (onnx.ai, "Open Neural Network Exchange Intermediate Representation", "Graphs"), but ONNX Runtime
 * takes them in any.
 *
 * @throws Failure of kind `model` that names a node of a circle, if there is one.
 */
export function inComputationOrder(
  attentions: readonly Attention[],
  graph: Graph,
  where: (node: Node) => string,
): Attention[] {
  const places = new Map(sorted(graph.nodes, where).map((node, place) => [node, place]));
  const place = ({ node }: Attention): number => places.get(node) ?? 0;
  return [...attentions].sort((a, b) => place(a) - place(b));
}

/** Nodes as they are if each stands behind those that it needs; else sorted so (Kahn 1962). */
function sorted(nodes: readonly Node[], where: (node: Node) => string): readonly Node[] {
  const makers = new Map(
    nodes.flatMap(({ outputs }, index) => outputs.map((name) => [name, index] as const)),
  );
  makers.delete('');
  const needs = nodes.map((node) => operands(node).flatMap((name) => makers.get(name) ?? []));
  if (needs.every((makers, index) => makers.every((maker) => maker < index))) {
    return nodes;
  }
  const takers = nodes.map((): number[] => []);
  needs.forEach((makers, index) => {
    makers.forEach((maker) => takers[maker]?.push(index));
  });
  const missing = needs.map((makers) => makers.length);
  const order = [...missing.keys()].filter((index) => missing[index] === 0);
  for (const index of order) {
    for (const taker of takers[index] ?? []) {
      const left = (missing[taker] ?? 0) - 1;
      missing[taker] = left;
      if (left === 0) {
        order.push(taker);
      }
    }
  }
  const circular = nodes.find((_, index) => (missing[index] ?? 0) > 0);
  if (circular !== undefined) {
    throw new Failure({
      kind: 'model',
      what: phrase('The graph goes in a circle, so that it cannot be computed'),
      where: where(circular),
      todo: phrase('the file is damaged or not an ONNX model; download or export it again'),
    });
  }
  return order.flatMap((index) => nodes[index] ?? []);
}
