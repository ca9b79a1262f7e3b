import { Failure, phrase } from '../../shared/failure';
import type { Attention } from './attention';
import type { Graph, Node } from '../graph/model';
import { topologicalOrder } from '../graph/topologicalOrder';

/**
 * Attention in the order in which a graph computes it.
 *
 * @throws Failure of kind `model` that names a node of a circle, if there is one.
 */
export function inComputationOrder(
  attentions: readonly Attention[],
  graph: Graph,
  where: (node: Node) => string,
): Attention[] {
  const { order, circular } = topologicalOrder(graph.nodes);
  if (circular !== undefined) {
    throw new Failure({
      kind: 'model',
      what: phrase('The graph goes in a circle, so that it cannot be computed'),
      where: where(circular),
      remedy: phrase('the file is damaged or not an ONNX model; download or export it again'),
    });
  }
  const places = new Map(order.map((node, place) => [node, place]));
  const place = ({ node }: Attention): number => places.get(node) ?? 0;
  return [...attentions].sort((a, b) => place(a) - place(b));
}
