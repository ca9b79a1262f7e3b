import type { AttentionLayer } from '../../onnx/attention/findAttention';
import type { Node } from '../../onnx/graph/model';
import type { FlatGraph } from '../graph/flatGraph';

/**
 * Nodes that attention itself consists of, layer by layer: the products of queries and keys, what is done to
 * their scores, and the sum that the probabilities weight. What makes queries, keys, values and masks is not
 * among them.
 */
export function attentionNodes(
  { nodes, values }: FlatGraph,
  layers: readonly Pick<AttentionLayer, 'attention'>[],
): Set<Node> {
  const makers = new Map<number, number>();
  nodes.forEach(({ outputs }, node) => {
    outputs.forEach((value) => value !== null && makers.set(value, node));
  });
  const indices = new Map(nodes.map(({ node }, index) => [node, index]));
  const found = new Set<Node>();
  for (const { attention } of layers) {
    const products = new Set(attention.products);
    const softmax = indices.get(attention.node);
    const mixing = attention.mixing && indices.get(attention.mixing);
    if (softmax !== undefined) {
      addBetween(softmax, (index) => makesOneOf(index, products));
      found.add(attention.node);
    }
    if (mixing !== undefined) {
      addBetween(mixing, (index) => index === softmax);
    }
  }
  return found;

  function makesOneOf(index: number, names: ReadonlySet<string>): boolean {
    return (nodes[index]?.outputs ?? []).some((value) =>
      names.has(values[value ?? -1]?.name ?? ''),
    );
  }

  /** Adds a node and those before it that lie on a way from where it begins. */
  function addBetween(end: number, isBegin: (index: number) => boolean): void {
    const known = new Map<number, boolean>();
    const leads = (index: number, depth: number): boolean => {
      const before = known.get(index);
      if (before !== undefined) {
        return before;
      }
      known.set(index, false);
      const { opType = '' } = nodes[index]?.node ?? {};
      const reaches =
        isBegin(index) ||
        (depth < DEEPEST &&
          !READS_SIZES.has(opType) &&
          (nodes[index]?.inputs ?? [])
            .map((value) => makers.get(value ?? -1))
            .map((maker) => maker !== undefined && leads(maker, depth + 1))
            .includes(true));
      known.set(index, reaches);
      const node = nodes[index]?.node;
      if (reaches && node !== undefined) {
        found.add(node);
      }
      return reaches;
    };
    leads(end, 0);
  }
}

/** What is made of sizes, such as T5's bias of positions, is not made of the scores. */
const READS_SIZES: ReadonlySet<string> = new Set(['Shape', 'Size']);

/** Nodes between the products and the sum: a scale, a mask, casts. The most that exports have is about ten. */
const DEEPEST = 24;
