import { branchBody } from '../graph/attributes';
import type { Attention } from './attention';
import { attentionsOf, hasAttentionInside, type FileContext } from './attentionsOf';
import { Dataflow } from '../graph/dataflow';
import type { Graph, Node, IfBranch } from '../graph/model';

/** A branch of an `If` that has attention in it. */
export interface AttentiveBranch {
  /** Index of the `If` among the graph's nodes. */
  node: number;
  branch: IfBranch;
  flow: Dataflow;
  attentions: Attention[];
}

/** Operators that hand a truth value on. */
const SWITCH_OPERATORS: ReadonlySet<string> = new Set(['Identity', 'Cast', 'Squeeze', 'Reshape']);

/** Nodes between an input and the condition of an `If`. Mostly there is none. */
const SWITCH_STEPS = 8;

/**
 * Finds attention in the branches of `If`, as merged decoders have it: one branch starts, the other
 * goes on with a cache. Of the two the one is looked at that is taken when the switch, an input of
 * the model, is false.
 * @param refuse called for a node with attention in any other inner graph.
 */
export function branchesIn(
  graph: Graph,
  flow: Dataflow,
  context: FileContext,
  refuse: (node: Node) => never,
): AttentiveBranch[] {
  return graph.nodes.flatMap((node, index) => {
    if (!hasAttentionInside(node, flow, context)) {
      return [];
    }
    const branch = branchWhenFalse(node, flow) ?? refuse(node);
    const body = branchBody(node, branch) ?? refuse(node);
    const inner = new Dataflow(body, flow);
    const attentions = attentionsOf(body, inner, context);
    const deeper = body.nodes.some((each) => hasAttentionInside(each, inner, context));
    return attentions.length === 0 || deeper
      ? refuse(node)
      : [{ node: index, branch, flow: inner, attentions }];
  });
}

/**
 * The branch of an `If` that is taken when an input of the model is false; undefined where something else
 * decides.
 */
export function branchWhenFalse(node: Node, flow: Dataflow): IfBranch | undefined {
  if (node.domain !== '' || node.opType !== 'If') {
    return undefined;
  }
  let value = node.inputs[0] ?? '';
  let negated = false;
  for (let step = 0; step < SWITCH_STEPS; step++) {
    if (flow.isInput(value)) {
      return negated ? 'then_branch' : 'else_branch';
    }
    const source = flow.producer(value);
    if (
      source?.domain !== '' ||
      !(source.opType === 'Not' || SWITCH_OPERATORS.has(source.opType))
    ) {
      return undefined;
    }
    negated = negated !== (source.opType === 'Not');
    value = source.inputs[0] ?? '';
  }
  return undefined;
}
