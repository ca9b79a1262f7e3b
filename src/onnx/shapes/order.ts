import { operands } from '../dataflow';
import type { Graph, Node } from '../model';

/**
 * The nodes of a graph, each after those whose results it takes. ONNX demands that order of the
 * file itself, but not every tool keeps it. Nodes of a cycle, and what comes after it, are left out.
 */
export function executionOrder({ nodes }: Graph): Node[] {
  const producers = new Map<string, number>();
  for (const [index, { outputs }] of nodes.entries()) {
    for (const output of outputs) {
      producers.set(output, index);
    }
  }
  const waiting = nodes.map(() => 0);
  const followers = nodes.map((): number[] => []);
  for (const [index, node] of nodes.entries()) {
    const before = new Set(
      operands(node).map((name) => (name === '' ? undefined : producers.get(name))),
    );
    before.delete(undefined);
    waiting[index] = before.size;
    for (const producer of before) {
      followers[producer ?? 0]?.push(index);
    }
  }
  const order = nodes.flatMap((_, index) => (waiting[index] === 0 ? [index] : []));
  // The list grows while it is gone through.
  for (const done of order) {
    for (const follower of followers[done] ?? []) {
      const left = (waiting[follower] ?? 0) - 1;
      waiting[follower] = left;
      if (left === 0) {
        order.push(follower);
      }
    }
  }
  return order.flatMap((index) => nodes[index] ?? []);
}
