import { intAttribute } from '../graph/attributes';
import type { Attention, AttentionMap } from './attention';
import { partialProducts } from './blockwise';
import type { Dataflow } from '../graph/dataflow';
import { withHeads } from './headSplit';
import type { Graph, Node } from '../graph/model';
import { scoreProduct, valueProduct, type ScoreProduct, type ValueProduct } from './products';
import { isStandard } from '../graph/operators';
import { inferDtype, inferLength, inferRank } from './partialInference';

/**
 * What may stand between Q·Kᵀ and the Softmax, with the number of inputs that scores may come in
 * by: scale, bias, mask, soft cap, sink, change of type or form.
 */
const SCORE_OPERATORS: ReadonlyMap<string, number> = new Map([
  ['Add', 2],
  ['Sub', 2],
  ['Mul', 2],
  ['Div', 2],
  ['Where', 3],
  ['Tanh', 1],
  ['Clip', 1],
  ['Max', 2],
  ['Concat', 2],
  ['Cast', 1],
  ['Reshape', 1],
  ['Flatten', 1],
  ['Identity', 1],
  ['QuantizeLinear', 1],
  ['DequantizeLinear', 1],
]);

/** What may stand between the Softmax and P·V, with the inputs that probabilities come in by. */
const PROBABILITY_OPERATORS: ReadonlyMap<string, readonly number[]> = new Map([
  ['Where', [1, 2]],
  ['Mul', [0, 1]],
  ['Cast', [0]],
  ['Dropout', [0]],
  ['Slice', [0]],
  ['Reshape', [0]],
  ['Identity', [0]],
  ['QuantizeLinear', [0]],
  ['DynamicQuantizeLinear', [0]],
  ['DequantizeLinear', [0]],
]);

/** Operators whose result holds whole numbers that stand for probabilities. */
const QUANTIZERS: ReadonlySet<string> = new Set(['QuantizeLinear', 'DynamicQuantizeLinear']);

/** Values looked at on the way from a Softmax to either product. Real graphs need about ten. */
const SEARCH_STEPS = 64;

/** The first version of Softmax whose axis is the last one where none is given. */
const LAST_AXIS_OPSET = 13;

/**
 * Finds Softmax(Q·Kᵀ …) … · V in one graph, inner graphs left aside, in the order of its nodes.
 *
 * A Softmax counts if it normalises the last axis, its scores come from a product of two computed
 * matrices, and its result is the left operand of a product with a computed matrix. So the Softmax
 * of a router, of the vocabulary or of a pooling layer with learned queries is none: a weight takes
 * part in its products. Nor does one count whose map is only a part of a layer's.
 *
 * @param where names a node in failures.
 * @throws Failure of kind `unsupported` if heads and batch share a dimension, and the graph does not
 *   tell how many heads there are.
 */
export function attentionsIn(
  graph: Graph,
  flow: Dataflow,
  opset: number,
  where: (node: Node) => string,
): Attention[] {
  const found = graph.nodes.flatMap((node): Found[] => {
    if (!isSoftmax(node) || !isOverLastAxis(node, flow, opset)) {
      return [];
    }
    const taken = probabilitiesTaken(node, flow);
    const scores = taken === undefined ? undefined : scoresOf(node, flow);
    return taken === undefined || scores === undefined ? [] : [{ node, taken, scores }];
  });
  const partial = partialProducts(
    found.map(({ taken }) => taken.node),
    flow,
  );
  return found.flatMap(({ node, taken, scores }) => {
    const value = partial.has(taken.node) ? undefined : chooseMap(taken, flow);
    if (value === undefined) {
      return [];
    }
    const dtype = inferDtype(value.name, flow);
    return [
      {
        node,
        queries: scores.products.map(({ queries }) => queries),
        keys: scores.products.map(({ keys }) => keys),
        scores: scoreInputs(node),
        products: scores.products.map(({ result }) => result),
        mixing: taken.node,
        isCausal: false,
        map: mapOf(value, taken, scores.shapes, flow, () => where(node)),
        ...(dtype === undefined ? {} : { dtype }),
      },
    ];
  });
}

/** A Softmax over scores whose result is multiplied with values. */
interface Found {
  node: Node;
  taken: Taken;
  scores: Scores;
}

function isSoftmax({ domain, opType }: Node): boolean {
  return domain === ''
    ? opType === 'Softmax'
    : domain === 'com.microsoft' && opType === 'BiasSoftmax';
}

/** The scores, and what `BiasSoftmax` adds to them. */
function scoreInputs({ inputs }: Node): string[] {
  return inputs.slice(0, 2);
}

function isOverLastAxis(softmax: Node, flow: Dataflow, opset: number): boolean {
  const isOld = opset < LAST_AXIS_OPSET || softmax.domain !== '';
  const axis = intAttribute(softmax, 'axis') ?? (isOld ? 1 : -1);
  if (axis < 0) {
    return axis === -1;
  }
  const rank = [softmax.inputs[0], softmax.outputs[0]]
    .map((value) => inferRank(value ?? '', flow))
    .find((known) => known !== undefined);
  // Where the file does not tell the rank: attention scores have a batch axis, and mostly heads.
  return rank === undefined ? axis === 2 || axis === 3 : axis === rank - 1;
}

/** The way that probabilities go from a Softmax to P·V. */
interface Taken {
  /** Names that they have, from the Softmax's result to the operand. */
  path: readonly { name: string; madeBy: Node }[];
  product: ValueProduct;
  node: Node;
}

function probabilitiesTaken(softmax: Node, flow: Dataflow): Taken | undefined {
  const [result = ''] = softmax.outputs;
  const paths: Taken['path'][] = [[{ name: result, madeBy: softmax }]];
  let steps = 0;
  for (const path of paths) {
    for (const { node, input } of flow.uses(path.at(-1)?.name ?? '')) {
      const product = valueProduct(node, input, flow);
      if (product !== undefined) {
        return { path, product, node };
      }
      const [name] = node.outputs;
      const passesOn = PROBABILITY_OPERATORS.get(node.opType)?.includes(input) === true;
      if (isStandard(node) && passesOn && name !== undefined) {
        paths.push([...path, { name, madeBy: node }]);
      }
      if (++steps === SEARCH_STEPS) {
        return undefined;
      }
    }
  }
  return undefined;
}

interface Scores {
  /** All products Q·Kᵀ: more than one where content and position are multiplied apart. */
  products: readonly ScoreProduct[];
  /** What scores are reshaped to on the way. */
  shapes: readonly string[];
}

/** Follows the argument of a Softmax back to all products that it is made of. */
function scoresOf(softmax: Node, flow: Dataflow): Scores | undefined {
  const products = new Map<Node, ScoreProduct>();
  const shapes: string[] = [];
  const values = scoreInputs(softmax);
  let steps = 0;
  for (const value of values) {
    const node = flow.producer(value);
    const product = node === undefined ? undefined : scoreProduct(node, flow);
    if (node !== undefined && product !== undefined) {
      products.set(node, product);
    } else if (node !== undefined && isStandard(node)) {
      values.push(...node.inputs.slice(0, SCORE_OPERATORS.get(node.opType) ?? 0));
      shapes.push(...(node.opType === 'Reshape' ? node.inputs.slice(1, 2) : []));
    }
    if (++steps === SEARCH_STEPS) {
      break;
    }
  }
  return products.size === 0 ? undefined : { products: [...products.values()], shapes };
}

/** A value with probabilities; no rank if the graph does not tell it. */
interface Ranked {
  name: string;
  rank?: number;
}

/**
 * The value to fetch: the last one before the product that may have a dimension for batch, heads,
 * queries and keys each; else, with heads and batch in one, the last one of three dimensions.
 */
function chooseMap({ path, product }: Taken, flow: Dataflow): Ranked | undefined {
  let rank: number | undefined;
  const ranked = path
    .map(({ name, madeBy }): Ranked & { madeBy: Node } => {
      const known = inferRank(name, flow) ?? (madeBy.opType === 'Reshape' ? undefined : rank);
      rank = known;
      return { name, madeBy, ...(known === undefined ? {} : { rank: known }) };
    })
    .filter(({ madeBy }) => !QUANTIZERS.has(madeBy.opType));
  const last = ranked.at(-1);
  if (product.order !== undefined) {
    return isMapOrder(product.order) && last !== undefined
      ? { name: last.name, rank: product.order.length }
      : undefined;
  }
  return [4, undefined, 3]
    .map((wanted) => ranked.findLast((value) => value.rank === wanted))
    .find((value) => value !== undefined);
}

function mapOf(
  { name, rank }: Ranked,
  { product, node }: Taken,
  shapes: readonly string[],
  flow: Dataflow,
  where: () => string,
): AttentionMap {
  const { order } = product;
  if (rank === 3) {
    const after = flow.uses(node.outputs[0] ?? '').slice(0, SEARCH_STEPS);
    const split = [
      ...shapes,
      ...after.flatMap(({ node: { opType, inputs } }) => (opType === 'Reshape' ? inputs[1] : [])),
    ];
    const fourfold = split.find((shape) => shape !== undefined && inferLength(shape, flow) === 4);
    return withHeads(name, fourfold, product.values, node, flow, where);
  }
  if (order === undefined || isSorted(order)) {
    return { kind: 'value', value: name };
  }
  return {
    kind: 'built',
    build: (to) => to.add('Transpose', [name], { perm: { kind: 'ints', value: order } }),
  };
}

/** Whether dimensions in this order can be made a map. */
function isMapOrder(order: readonly number[]): boolean {
  return order.length === 4 || (order.length === 3 && isSorted(order));
}

function isSorted(order: readonly number[]): boolean {
  return order.every((dimension, index) => dimension === index);
}
