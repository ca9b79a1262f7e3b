import { operands } from './dataflow';
import type { Node } from './model';

/**
 * Nodes as they are if each stands behind those that it needs; else sorted so (Kahn 1962), less
 * those of circles, of which one is answered, and what is computed from them. ONNX demands that
 * order of the file itself (onnx.ai, "Open Neural Network Exchange Intermediate Representation",
 * "Graphs"), but ONNX Runtime takes nodes in any.
 */
export function topologicalOrder(nodes: readonly Node[]): {
  order: readonly Node[];
  circular?: Node;
} {
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

/** A node that needs what it makes, by itself or by way of others; undefined if there is none. */
export function circularNode(nodes: readonly Node[]): Node | undefined {
  return topologicalOrder(nodes).circular;
}
