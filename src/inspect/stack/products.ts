import { intAttribute } from '../../onnx/graph/attributes';
import type { Computation, Step } from './computation';

/** Operators that multiply with a weight. */
const PRODUCTS: ReadonlySet<string> = new Set([
  ...['MatMul', 'Gemm', 'Einsum', 'Conv', 'MatMulInteger', 'ConvInteger', 'QLinearMatMul'],
  ...['FusedMatMul', 'TransposeMatMul', 'FusedGemm', 'GemmFastGelu', 'FusedMatMulActivation'],
  ...['MatMulIntegerToFloat', 'DynamicQuantizeMatMul', 'MatMulNBits', 'MatMulBnb4', 'QGemm'],
  ...['MoE', 'QMoE'],
]);

/** Operators whose weight is packed in bytes, which may stand in a row. */
const PACKED: ReadonlySet<string> = new Set(['MatMulNBits', 'MatMulBnb4']);

/** Whether a step multiplies with a weight, or with one chosen from several. */
export function isProduct({ operator, inputs, weights }: Step, computation: Computation): boolean {
  return (
    PRODUCTS.has(operator) &&
    (weights.some(({ tensor }) => tensor.dims.length >= 2 || PACKED.has(operator)) ||
      inputs.some((value) => computation.isChosenWeight(value)))
  );
}

/** Features that a product takes of each state. */
export function widthBefore(step: Step, computation: Computation): number | undefined {
  return (
    intAttribute(step.node, 'K') ??
    (isConvolution(step) ? channels(step.inputs[0], computation) : undefined) ??
    features(dataOf(step, computation), step, computation) ??
    weightSize(step, true)
  );
}

/** Features that a product gives for each state. */
export function widthAfter(step: Step, computation: Computation): number | undefined {
  return (
    intAttribute(step.node, 'N') ??
    (isConvolution(step) ? channels(step.outputs[0], computation) : undefined) ??
    features(step.outputs[0] ?? '', step, computation) ??
    weightSize(step, false)
  );
}

/** Features of an operand or a result; where the weight stands on the left, states are columns. */
function features(value: string, step: Step, computation: Computation): number | undefined {
  const axis = computation.isChosenWeight(step.inputs[0] ?? '') ? -2 : -1;
  const size = computation.shape(value)?.at(axis);
  return typeof size === 'number' ? size : undefined;
}

/** What of a product's operands is no weight. */
function dataOf(step: Step, computation: Computation): string {
  return computation.computed(step).find((value) => !computation.isChosenWeight(value)) ?? '';
}

export function isConvolution({ operator }: Step): boolean {
  return operator === 'Conv' || operator === 'ConvInteger';
}

/** Of [batch, channels, places]. */
function channels(value: string | undefined, computation: Computation): number | undefined {
  const size = computation.shape(value ?? '')?.[1];
  return typeof size === 'number' ? size : undefined;
}

/** A size of the weight of a product of two matrices, where shapes do not tell. */
function weightSize({ operator, node, weights }: Step, isBefore: boolean): number | undefined {
  const matrix = weights.find(({ tensor }) => tensor.dims.length === 2)?.tensor.dims;
  const isTurned = (intAttribute(node, 'transB') ?? 0) !== 0;
  return ['MatMul', 'Gemm', 'MatMulInteger', 'FusedMatMul'].includes(operator)
    ? matrix?.[Number(isBefore === isTurned)]
    : undefined;
}
