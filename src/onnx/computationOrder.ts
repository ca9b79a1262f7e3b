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
  const { order, circular } = sorted(graph.nodes);
  if (circular !== undefined) {
    throw new Failure({
      kind: 'model',
      what: phrase('The graph goes in a circle, so that it cannot be computed'),
      where: where(circular),
      todo: phrase('the file is damaged or not an ONNX model; download or export it again'),
    });
  }
  const places = new Map(order.map((node, place) => [node, place]));
  const place = ({ node }: Attention): number => places.get(node) ?? 0;
  return [...attentions].sort((a, b) => place(a) - place(b));
}

/** A node that needs what it makes, by itself or by way of others; undefined if there is none. */
export function circularNode(nodes: readonly Node[]): Node | undefined {
  return sorted(nodes).circular;
}

/**
 * Nodes as they are if each stands behind those that it needs; else sorted so (Kahn 1962), less
 * those of circles, of which one is answered, and what is computed from them.
 */
function sorted(nodes: readonly Node[]): { order: readonly Node[]; circular?: Node } {
  const makers = new Map(
    nodes.flatMap(({ outputs }, index) => outputs.map((name) => [name, index] as const)),
  );
  makers.delete('');
  const needs = nodes.map((node) => operands(node).flatMap((name) => makers.get(name) ?? []));
  if (needs.every((makers, index) => makers.every((maker) => maker < index))) {
    return { order: nodes };
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
  const circular = nodes[inCircle(needs, missing) ?? -1];
  return {
    order: order.flatMap((index) => nodes[index] ?? []),
    ...(circular !== undefined && { circular }),
  };
}

/**
 * Goes from a node that still misses something to one that it waits for, and on, until one comes
 * again: that one is in a circle, and not only computed from one.
 */
function inCircle(
  needs: readonly (readonly number[])[],
  missing: readonly number[],
): number | undefined {
  const waits = (index: number): boolean => (missing[index] ?? 0) > 0;
  const seen = new Set<number>();
  let at = needs.findIndex((_, index) => waits(index));
  while (at >= 0 && !seen.has(at)) {
    seen.add(at);
    at = needs[at]?.find(waits) ?? -1;
  }
  return at < 0 ? undefined : at;
}
