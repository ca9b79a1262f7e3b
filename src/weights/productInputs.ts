import { Dataflow } from '../onnx/graph/dataflow';
import type { DType, Node, OnnxModel, TensorRef } from '../onnx/graph/model';
import { inputsOf } from '../onnx/graph/operatorInputs';
import { operatorName } from '../onnx/graph/operators';
import { placedIn, type PlacedNode } from '../onnx/graph/placedNodes';
import { intAttribute } from '../onnx/graph/attributes';
import { unroundedValue } from '../onnx/graph/quantizers';
import { storedParameter } from './storedParameter';

/** Forms of rounding what a weight is multiplied with that the reference does not follow. */
export type OtherRounding =
  /** By scales that the file holds: `QuantizeLinear`, `QLinearMatMul` and their kin. */
  | 'fixedScales'
  /** In blocks of a row: `MatMulNBits` with `accuracy_level` 4. */
  | 'blocks'
  /** In an operator that packs query, key and value: `QAttention`. */
  | 'packedAttention'
  /** A product of integers whose other operand is made in another way. */
  | 'other';

/**
 * What becomes of the other operand of a product with a weight: nothing, where there is no entry;
 * `dynamic`: rounded to uint8 with a scale of its own for the whole tensor (`DynamicQuantizeLinear`
 * of ONNX), or a form that the reference does not follow.
 */
export type InputRounding = 'dynamic' | OtherRounding;

/** How the products of a graph compute. */
export interface ProductInputs {
  /** By the weight, as it is stored. */
  roundings: ReadonlyMap<TensorRef, InputRounding>;
  /** Forms of products whose operands are rounded without one being a stored weight. */
  others: ReadonlySet<OtherRounding>;
  /** Whether operators compute in half precision, at least in parts. */
  half: boolean;
}

/** Operators that take integers on both sides, scaled after the product. */
const INTEGER_PRODUCTS: ReadonlySet<string> = new Set([
  'MatMulInteger',
  'ConvInteger',
  'com.microsoft.MatMulIntegerToFloat',
]);

/** Operators whose other operand is rounded by scales that are inputs. */
const FIXED_PRODUCTS: ReadonlySet<string> = new Set([
  'QLinearMatMul',
  'QLinearConv',
  'com.microsoft.QGemm',
]);

/** Operators of real numbers, either operand of which may come out of integers. */
const PRODUCTS: ReadonlySet<string> = new Set([
  'MatMul',
  'Gemm',
  'Conv',
  'com.microsoft.FusedMatMul',
  'com.microsoft.FusedGemm',
]);

/** Types that operators compute in with half the bits. */
const HALF: ReadonlySet<DType> = new Set(['float16', 'bfloat16']);

/** Operators that give out weights of half precision as they are, so that others may widen them. */
const PASSING: ReadonlySet<string> = new Set(['Cast', 'Constant', 'Gather', 'Identity']);

/** `accuracy_level` of `MatMulNBits` for products of 8-bit integers (ContribOperators.md). */
const LEVEL_INTEGERS = 4;

/** Finds how a graph rounds what it multiplies its weights with. No element is read. */
export function productInputs({ graph }: OnnxModel): ProductInputs {
  const found = new Found();
  for (const placed of placedIn(new Dataflow(graph))) {
    found.take(placed);
  }
  return found;
}

class Found implements ProductInputs {
  readonly roundings = new Map<TensorRef, InputRounding>();
  readonly others = new Set<OtherRounding>();
  half = false;

  take({ node, flow }: PlacedNode): void {
    this.half ||= !PASSING.has(node.opType) && node.inputs.some((name) => isHalf(name, flow));
    const rounding = roundingOf(node, flow);
    if (rounding === undefined) {
      return;
    }
    const input = inputsOf(node).weight ?? RIGHT_OPERAND;
    const weight = storedParameter(node.inputs[input], flow)?.tensor;
    if (weight !== undefined) {
      this.roundings.set(weight, rounding);
    } else {
      this.others.add(rounding === 'dynamic' ? 'other' : rounding);
    }
  }
}

/** Where a product of real numbers has its weight. */
const RIGHT_OPERAND = 1;

function isHalf(name: string, flow: Dataflow): boolean {
  const tensor = flow.storedTensor(name);
  return tensor !== undefined && HALF.has(tensor.dtype);
}

function roundingOf(node: Node, flow: Dataflow): InputRounding | undefined {
  const operator = operatorName(node);
  if (INTEGER_PRODUCTS.has(operator)) {
    const maker = flow.producer(node.inputs[0]);
    const isDynamic = maker?.opType === 'DynamicQuantizeLinear' && node.opType !== 'ConvInteger';
    return isDynamic ? 'dynamic' : 'other';
  }
  if (FIXED_PRODUCTS.has(operator)) {
    return 'fixedScales';
  }
  switch (operator) {
    case 'com.microsoft.DynamicQuantizeMatMul':
      return 'dynamic';
    case 'com.microsoft.QAttention':
      return 'packedAttention';
    case 'com.microsoft.MatMulNBits':
      return intAttribute(node, 'accuracy_level') === LEVEL_INTEGERS ? 'blocks' : undefined;
  }
  const isOfRounded =
    PRODUCTS.has(operator) && node.inputs.slice(0, 2).some((name) => isRounded(name, flow));
  return isOfRounded ? 'fixedScales' : undefined;
}

/** Whether a value was computed and then rounded: `QuantizeLinear → DequantizeLinear`. */
function isRounded(name: string, flow: Dataflow): boolean {
  const computed = unroundedValue(name, flow);
  return computed !== undefined && storedParameter(computed, flow) === undefined;
}
