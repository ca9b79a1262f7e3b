import { intAttribute } from '../graph/attributes';
import type { Dataflow } from '../graph/dataflow';
import { equationOf } from '../graph/einsum';
import type { Node } from '../graph/model';
import { operatorName } from '../graph/operators';

/**
 * The operands of operators that multiply two matrices, or batches of them, by the index of their
 * inputs. Those of `com.microsoft` are what ONNX Runtime's optimizer and quantizer make of `MatMul`.
 */
const PRODUCTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['MatMul', [0, 1]],
  ['MatMulInteger', [0, 1]],
  ['QLinearMatMul', [0, 3]],
  ['com.microsoft.FusedMatMul', [0, 1]],
  ['com.microsoft.TransposeMatMul', [0, 1]],
  ['com.microsoft.MatMulIntegerToFloat', [0, 1]],
]);

/** Q·Kᵀ. */
export interface ScoreProduct {
  queries: string;
  keys: string;
  result: string;
}

/** The product that makes scores, if both its operands are computed. */
export function scoreProduct(node: Node, flow: Dataflow): ScoreProduct | undefined {
  const [left, right] = operandsOf(node);
  const result = node.outputs[0];
  if (!areComputed(left, right, flow) || result === undefined) {
    return undefined;
  }
  const equation = equationOf(node);
  const keyLabel = equation?.output.at(-1) ?? '';
  return equation?.left.includes(keyLabel) === true
    ? { queries: right, keys: left, result }
    : { queries: left, keys: right, result };
}

/** How a product takes probabilities. */
export interface ValueProduct {
  /** Where batch, head, query and key are among the dimensions of P. */
  order?: readonly number[];
  /** What the probabilities are multiplied with. */
  values: string;
}

/** Whether a node multiplies probabilities, its input number `input`, with computed values. */
export function valueProduct(node: Node, input: number, flow: Dataflow): ValueProduct | undefined {
  const [left, right] = operandsOf(node);
  const equation = equationOf(node);
  if (!areComputed(left, right, flow)) {
    return undefined;
  }
  if (equation !== undefined) {
    const [own, other] =
      input === 0 ? [equation.left, equation.right] : [equation.right, equation.left];
    const order = orderOf(own, other, equation.output);
    return order === undefined ? undefined : { order, values: input === 0 ? right : left };
  }
  const isLeft = input === PRODUCTS.get(operatorName(node))?.[0];
  return isLeft && !isTurned(node) ? { values: right } : undefined;
}

function operandsOf(node: Node): [string, string] {
  const [left, right] =
    equationOf(node) === undefined ? (PRODUCTS.get(operatorName(node)) ?? []) : [0, 1];
  return [node.inputs[left ?? -1] ?? '', node.inputs[right ?? -1] ?? ''];
}

function areComputed(left: string, right: string, flow: Dataflow): boolean {
  return left !== '' && right !== '' && !flow.isFixed(left) && !flow.isFixed(right);
}

/** Whether the left operand is transposed before it is multiplied. */
function isTurned(node: Node): boolean {
  return ['transA', 'transBatchA'].some((name) => (intAttribute(node, name) ?? 0) !== 0);
}

/**
 * The dimensions of P in the order batch, head, query, key: what all three have, what the values
 * lack, and what is summed up. Probabilities must be normalised over the last of their dimensions,
 * so that is the keys' one.
 */
function orderOf(own: string, values: string, output: string): readonly number[] | undefined {
  const labels = Array.from(own);
  const shared = labels.filter((label) => values.includes(label) && output.includes(label));
  const queries = labels.filter((label) => !values.includes(label) && output.includes(label));
  const keys = labels.filter((label) => values.includes(label) && !output.includes(label));
  const order = [...shared, ...queries, ...keys].map((label) => labels.indexOf(label));
  const isMap = shared.length >= 1 && queries.length === 1 && keys.length === 1;
  return isMap && order.length === labels.length && labels.at(-1) === keys[0] ? order : undefined;
}
