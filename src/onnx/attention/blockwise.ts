import { intAttribute } from '../graph/attributes';
import { Dataflow } from '../graph/dataflow';
import type { Graph, Node } from '../graph/model';
import { scoreProduct } from './products';
import { inferRank } from './partialInference';
import { innerGraphs } from '../graph/walk';

/*
 * Attention that is computed in parts, so that no value holds a whole map: by blocks of tokens and
 * windows around them (Longformer, Beltagy et al. 2020; BigBird, Zaheer et al. 2020), or as a
 * product of maps over a few landmarks (Nyströmformer, Xiong et al. 2021).
 */

/** Operators between the result of an attention and the place where parts are put together. */
const FORMS: ReadonlySet<string> = new Set([
  'Reshape',
  'Transpose',
  'Unsqueeze',
  'Squeeze',
  'Identity',
  'Cast',
  'Add',
]);

/** Dimensions that the result of an attention has at least: batch, tokens and width. */
const LEAST_RANK = 3;

/** Values looked at behind a part. Real graphs need about ten. */
const JOIN_STEPS = 64;

/** Inputs that the numbers of a result come from, where others say but which of them, and where. */
const NUMBERS_FROM: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ['Reshape', [0]],
  ['Expand', [0]],
  ['Tile', [0]],
  ['Slice', [0]],
  ['Split', [0]],
  ['Squeeze', [0]],
  ['Unsqueeze', [0]],
  ['Pad', [0]],
  ['Gather', [0]],
  ['GatherElements', [0]],
  ['GatherND', [0]],
  ['ScatterElements', [0, 2]],
  ['ScatterND', [0, 2]],
  ['Where', [1, 2]],
  ['Shape', []],
  ['ConstantOfShape', []],
]);

/**
 * Those among products P·V of one graph that give only a part of what an attention computes: their
 * results are put behind one another as other tokens or blocks, or multiplied with one another, with
 * no weight between. What the heads of one layer give is put together along the last axis.
 */
export function partialProducts(products: readonly Node[], flow: Dataflow): ReadonlySet<Node> {
  const partial = new Set<Node>();
  const joined = new Map<Node, Node>();
  for (const product of products) {
    for (const end of endsOf(product, flow)) {
      const other = joined.get(end) ?? product;
      joined.set(end, other);
      if (other !== product) {
        partial.add(product).add(other);
      }
    }
  }
  return partial;
}

/** Where the result of a product goes with no weight between: to a product, or behind others. */
function endsOf(product: Node, flow: Dataflow): Node[] {
  const ends: Node[] = [];
  const values = product.outputs.slice(0, 1).map((name) => ({ name, rank: LEAST_RANK }));
  let steps = 0;
  for (const { name, rank } of values) {
    for (const { node } of flow.uses(name)) {
      const more = node.opType === 'Unsqueeze' ? 1 : 0;
      const [result] = node.outputs;
      if (isProduct(node, flow) || joinsTokens(node, rank, flow)) {
        ends.push(node);
      } else if (node.domain === '' && FORMS.has(node.opType) && result !== undefined) {
        values.push({ name: result, rank: rank + more });
      }
      if (++steps === JOIN_STEPS) {
        return ends;
      }
    }
  }
  return ends;
}

function isProduct(node: Node, flow: Dataflow): boolean {
  return scoreProduct(node, flow) !== undefined;
}

/** @param least what the rank is at least, for a file that does not tell it. */
function joinsTokens(node: Node, least: number, flow: Dataflow): boolean {
  const axis = intAttribute(node, 'axis');
  if (node.domain !== '' || node.opType !== 'Concat' || axis === undefined) {
    return false;
  }
  const rank = inferRank(node.outputs[0] ?? '', flow) ?? least;
  return axis < 0 ? axis < -1 : axis < rank - 1;
}

/** Values of the graphs around one, of which some are made of products. */
interface Around {
  flow: Dataflow;
  isScored: (value: string) => boolean;
}

/**
 * Whether there is a Softmax, in a graph or in those inside it, over what products of two computed
 * matrices come to, cut and put together in whatever way. Where a Softmax is over what a layer with
 * a weight gives, as those of routers and of the vocabulary are, there is none.
 */
export function weighsTokens(graph: Graph, outer?: Around): boolean {
  const flow = new Dataflow(graph, outer?.flow);
  const isScored = scoredValues(graph, flow, outer);
  return graph.nodes.some(
    (node) =>
      (node.opType === 'Softmax' && isScored(node.inputs[0] ?? '')) ||
      innerGraphs(node).some((inner) => weighsTokens(inner, { flow, isScored })),
  );
}

/** Goes from all products of a graph to what is made of them, each value once. */
function scoredValues(graph: Graph, flow: Dataflow, outer: Around | undefined): Around['isScored'] {
  const scored = new Set<string>();
  const isScored = (value: string): boolean => scored.has(value) || outer?.isScored(value) === true;
  const makesScores = (node: Node): boolean =>
    isProduct(node, flow) ||
    node.inputs.some((value, input) => value !== '' && isScored(value) && handsOn(node, input));
  const add = (node: Node): void => {
    if (!isWeighted(node, flow)) {
      node.outputs.filter((value) => value !== '').forEach((value) => scored.add(value));
    }
  };
  graph.nodes.filter(makesScores).forEach(add);
  for (const value of scored) {
    flow
      .uses(value)
      .filter(({ node, input }) => handsOn(node, input))
      .forEach(({ node }) => add(node));
  }
  return isScored;
}

/** Whether the numbers of a node's result come from an input. */
function handsOn({ opType }: Node, input: number): boolean {
  return NUMBERS_FROM.get(opType)?.includes(input) ?? true;
}

const LAYERS: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'Einsum', 'Conv', 'MatMulInteger']);

/** Whether a node is a layer with a weight. */
function isWeighted({ opType, inputs }: Node, flow: Dataflow): boolean {
  return LAYERS.has(opType) && inputs.some((input) => input !== '' && flow.isFixed(input));
}
