import type { Attention } from './attention';
import { attentionsIn } from './unfusedPattern';
import { inComputationOrder } from './computationOrder';
import { Dataflow } from '../graph/dataflow';
import { isFused, readFused } from './fused/registry';
import type { Graph, ModelFunction, Node } from '../graph/model';
import { innerGraphs } from '../graph/walk';

/** What is the same for all graphs of a file. */
export interface FileContext {
  /** Version of ONNX's own operators. */
  opset: number;
  functions: readonly ModelFunction[];
  /** Whether a node calls one of them. */
  isCall: (node: Node) => boolean;
  /** Names a node in failures. */
  where: (node: Node) => string;
}

/**
 * Finds the attention of one graph, unfused and fused, inner graphs left aside, in the order of
 * computation.
 * @throws Failure of kind `unsupported` if the map of one of them cannot be had; of kind `model` if
 *   the graph goes in a circle.
 */
export function attentionsOf(graph: Graph, flow: Dataflow, context: FileContext): Attention[] {
  const { opset, where } = context;
  const unfused = attentionsIn(graph, flow, opset, where);
  const fused = graph.nodes
    .filter((node) => isFusedIn(node, context))
    .map((node) => readFused(node, { flow, opset, where: where(node) }));
  return inComputationOrder([...unfused, ...fused], graph, where);
}

/** Whether there is attention in a graph or in those inside it. */
export function hasAttention(graph: Graph, flow: Dataflow, context: FileContext): boolean {
  return (
    graph.nodes.some((node) => isFusedIn(node, context)) ||
    attentionsIn(graph, flow, context.opset, context.where).length > 0 ||
    graph.nodes.some((node) => hasAttentionInside(node, flow, context))
  );
}

/** Whether there is attention in the graphs inside a node. */
export function hasAttentionInside(node: Node, outer: Dataflow, context: FileContext): boolean {
  return innerGraphs(node).some((inner) =>
    hasAttention(inner, new Dataflow(inner, outer), context),
  );
}

/** A call of a function of the file may have any name, and tells nothing of what is inside. */
function isFusedIn(node: Node, { isCall }: FileContext): boolean {
  return isFused(node) && !isCall(node);
}
