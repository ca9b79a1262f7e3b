import type { AttentionKind, Component } from '../../shared/attention';
import { branchBody } from '../graph/attributes';
import type { NewGraphParts } from '../graph/graphBuilder';
import type { DType, Graph, IfBranch } from '../graph/model';

/**
 * What a file is in its model: all of it, or the one half of an encoder–decoder model. The decoder
 * may have the encoder in the same file.
 */
export type GraphRole = 'decoder-only' | 'encoder-only' | 'encoder' | 'decoder';

/** An attention layer of a graph, and the value that holds its probabilities. */
export interface AttentionTap {
  /** TransformerLens name without the hook, as in `AttentionSite.id`: `blocks.0.attn`. */
  id: string;
  component: Component;
  kind: AttentionKind;
  /** Index of the layer within its component, from 0. */
  layer: number;
  /**
   * Name of the output to fetch from the tapped model: the probabilities that are multiplied with
   * V, [batch, heads, queries, keys]. In the model's own graph the value is called the same.
   */
  value: string;
  /**
   * What the graph that the value is in must get first, where no value holds the probabilities:
   * they are inside an operator, or in another form.
   */
  added?: NewGraphParts;
  /** Where the value is, if it is in a branch of an `If`. */
  branch?: BranchPlace;
  /** Element type of the value, where the file tells. */
  dtype?: DType;
}

/** A value in a branch of an `If`. */
export interface BranchPlace {
  /** Index of the `If` among the nodes of the model's graph. */
  node: number;
  branch: IfBranch;
  /** Name of the value within the branch. */
  value: string;
}

/** The graph that a value is in: the model's own, or a branch of it. */
export function graphOf(graph: Graph, place: BranchPlace | undefined): Graph {
  return (place && branchBody(graph.nodes[place.node], place.branch)) ?? graph;
}
