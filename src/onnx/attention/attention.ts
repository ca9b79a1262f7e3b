import type { GraphBuilder } from '../graph/graphBuilder';
import type { DType, Node } from '../graph/model';

/** An attention of a graph, whatever its form: what tells its kind, and where its map is. */
export interface Attention {
  /** The node that it is recognised by: a Softmax, or the operator that it is fused into. */
  node: Node;
  /** Values that queries, and keys, are made of. At least one each. */
  queries: readonly string[];
  keys: readonly string[];
  /** Values that the scores come from, masks and biases among them. */
  scores: readonly string[];
  /** Products Q·Kᵀ among what the scores come from; beyond them there is no mask. */
  products: readonly string[];
  /** The product P·V. Absent where an operator does it all. */
  mixing?: Node;
  /** Whether the operator itself hides what comes later, with no mask in the graph. */
  isCausal: boolean;
  /** Where the probabilities are, [batch, heads, queries, keys], after every mask and cast. */
  map: AttentionMap;
  /** Element type of the probabilities, where the file tells. */
  dtype?: DType;
}

export type AttentionMap =
  /** A value of the graph. */
  | { kind: 'value'; value: string }
  /** No value of the graph: `build` adds the nodes that compute it, and answers its name. */
  | { kind: 'built'; build: (to: GraphBuilder) => string };
