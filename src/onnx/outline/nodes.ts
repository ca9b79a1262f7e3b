import { Dataflow } from '../graph/dataflow';
import type { Node, OnnxModel } from '../graph/model';
import { bodyOf, innerGraphs } from '../graph/walk';

/** A node, and where it stands. */
export interface PlacedNode {
  node: Node;
  flow: Dataflow;
  where: 'graph' | 'inner graph' | 'function';
}

/** Every node of a model, in the order of the file; those inside a node come after it. */
export function* everyNode(model: OnnxModel): Generator<PlacedNode> {
  yield* nodesOf(new Dataflow(model.graph), 'graph');
  for (const called of model.functions) {
    yield* nodesOf(new Dataflow(bodyOf(called)), 'function');
  }
}

function* nodesOf(flow: Dataflow, where: PlacedNode['where']): Generator<PlacedNode> {
  const within = where === 'graph' ? 'inner graph' : where;
  for (const node of flow.graph.nodes) {
    yield { node, flow, where };
    for (const graph of innerGraphs(node)) {
      yield* nodesOf(new Dataflow(graph, flow), within);
    }
  }
}
