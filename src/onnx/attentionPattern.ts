import type { Dataflow } from './dataflow';
import type { Graph, Node } from './model';

/** An attention of a graph, by the nodes that it is recognised by. */
export interface Attention {
  softmax: Node;
  /** Name of the value that the second product takes: probabilities after every mask and cast. */
  probabilities: string;
  /** Q·Kᵀ; more than one where content and position are multiplied apart. At least one. */
  products: Node[];
}

/** What may stand between Q·Kᵀ and the Softmax: scale, bias, mask, soft cap, change of type. */
const SCORE_OPERATORS: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Where',
  'Tanh',
  'Clip',
  'Max',
  'Cast',
  'Reshape',
  'Identity',
]);

/** Inputs of the operators above, `Where` and `Clip` being the longest. */
const MOST_INPUTS = 3;

/** What may stand between the Softmax and P·V, with the inputs that probabilities come in by. */
const PROBABILITY_OPERATORS: ReadonlyMap<string, readonly number[]> = new Map([
  ['Where', [1, 2]],
  ['Cast', [0]],
  ['Dropout', [0]],
  ['Identity', [0]],
]);

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
 * part in its products.
 */
export function attentionsIn(graph: Graph, flow: Dataflow, opset: number): Attention[] {
  return graph.nodes.flatMap((softmax) => {
    if (!isOperator(softmax, 'Softmax') || !isOverLastAxis(softmax, graph, opset)) {
      return [];
    }
    const probabilities = valueTakenByProduct(softmax, flow);
    const products = probabilities === undefined ? [] : productsThatScore(softmax, flow);
    return probabilities === undefined || products.length === 0
      ? []
      : [{ softmax, probabilities, products }];
  });
}

function isOperator(node: Node, opType: string): boolean {
  return node.domain === '' && node.opType === opType;
}

function isOverLastAxis(softmax: Node, graph: Graph, opset: number): boolean {
  const attribute = softmax.attributes.get('axis');
  const axis = attribute?.kind === 'int' ? attribute.value : opset < LAST_AXIS_OPSET ? 1 : -1;
  if (axis < 0) {
    return axis === -1;
  }
  const type = [softmax.inputs[0], softmax.outputs[0]]
    .map((value) => graph.values.get(value ?? '')?.type)
    .find((known) => known?.kind === 'tensor' && known.shape !== undefined);
  // Where the file does not tell the rank: attention scores have a batch axis, and mostly heads.
  return type?.kind === 'tensor' && type.shape !== undefined
    ? axis === type.shape.length - 1
    : axis === 2 || axis === 3;
}

/** Follows the result of a Softmax to a product P·V; answers the name that P has there. */
function valueTakenByProduct(softmax: Node, flow: Dataflow): string | undefined {
  const values = softmax.outputs.slice(0, 1);
  let steps = 0;
  for (const value of values) {
    for (const { node, input } of flow.uses(value)) {
      if (input === 0 && isProductOfComputed(node, flow)) {
        return value;
      }
      const result = node.outputs[0];
      const passesOn = PROBABILITY_OPERATORS.get(node.opType)?.includes(input) === true;
      if (node.domain === '' && passesOn && result !== undefined) {
        values.push(result);
      }
      if (++steps === SEARCH_STEPS) {
        return undefined;
      }
    }
  }
  return undefined;
}

/** Follows the argument of a Softmax back to all products Q·Kᵀ that it is made of. */
function productsThatScore(softmax: Node, flow: Dataflow): Node[] {
  const products = new Set<Node>();
  const values = softmax.inputs.slice(0, 1);
  let steps = 0;
  for (const value of values) {
    const node = flow.producer(value);
    if (node !== undefined && isProductOfComputed(node, flow)) {
      products.add(node);
    } else if (node?.domain === '' && SCORE_OPERATORS.has(node.opType)) {
      values.push(...node.inputs.slice(0, MOST_INPUTS));
    }
    if (++steps === SEARCH_STEPS) {
      break;
    }
  }
  return [...products];
}

function isProductOfComputed(node: Node, flow: Dataflow): boolean {
  return isOperator(node, 'MatMul') && !node.inputs.some((value) => flow.isConstant(value));
}
