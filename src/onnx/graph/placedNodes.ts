import { Dataflow } from './dataflow';
import type { Node, OnnxModel } from './model';
import { bodyOf, innerGraphs } from './walk';

/** A node, and the graph that it stands in. */
export interface PlacedNode {
  node: Node;
  flow: Dataflow;
}

/** As `everyNode` goes through a model, with the graph of each node. */
export function* placedNodes(model: OnnxModel): Generator<PlacedNode> {
  yield* placedIn(new Dataflow(model.graph));
  for (const called of model.functions) {
    yield* placedIn(new Dataflow(bodyOf(called)));
  }
}

/** The nodes of a graph in the order of the file; those inside a node come after it. */
export function* placedIn(flow: Dataflow): Generator<PlacedNode> {
  for (const node of flow.graph.nodes) {
    yield { node, flow };
    for (const graph of innerGraphs(node)) {
      yield* placedIn(new Dataflow(graph, flow));
    }
  }
}
