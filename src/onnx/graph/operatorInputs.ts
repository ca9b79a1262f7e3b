import { intAttribute } from './attributes';
import type { Node } from './model';
import { operatorName } from './operators';

/** What some inputs of an operator are, by their numbers. */
export interface OperatorInputs {
  /** The weight, where it may be of integers. */
  weight?: number;
  /** A bias of integers. */
  bias?: number;
  /** Scales and zero points: of what comes in, of the weight, of the result. Or how to resize. */
  scales?: readonly number[];
  /** Sines and cosines of positions. */
  angles?: readonly number[];
}

const QUANTIZER: OperatorInputs = { scales: [1, 2] };
/** The integers come first, their zero points behind; both are scaled after the product. */
const INTEGER_PRODUCT: OperatorInputs = { weight: 1, scales: [2, 3] };
/** Two operands with scale and zero point each, and those of the result behind them. */
const TWO_OPERANDS: OperatorInputs = { scales: [1, 2, 4, 5, 6, 7] };

/**
 * By {@link operatorName}: the operators of ONNX and of ONNX Runtime ("Contrib Operators") that take
 * integers for real numbers, or tables of angles.
 *
 * Scales and angles are constants of a graph and no parameters of the model, for its outline and for
 * the names of its weights alike. Both know some besides that no operator takes as such: the scale of
 * a weight that a product of integers is multiplied with afterwards.
 */
const INPUTS: ReadonlyMap<string, OperatorInputs> = new Map<string, OperatorInputs>([
  ['QuantizeLinear', QUANTIZER],
  ['DequantizeLinear', QUANTIZER],
  ['com.microsoft.QuantizeLinear', QUANTIZER],
  ['com.microsoft.DequantizeLinear', QUANTIZER],
  ['Gather', { weight: 0 }],
  ['MatMulInteger', INTEGER_PRODUCT],
  ['ConvInteger', INTEGER_PRODUCT],
  ['QLinearMatMul', { ...TWO_OPERANDS, weight: 3 }],
  ['QLinearConv', { ...TWO_OPERANDS, weight: 3, bias: 8 }],
  ['com.microsoft.QLinearAdd', TWO_OPERANDS],
  ['com.microsoft.QLinearMul', TWO_OPERANDS],
  ['com.microsoft.QGemm', { weight: 3, bias: 6, scales: [1, 2, 4, 5, 7, 8] }],
  ['com.microsoft.MatMulIntegerToFloat', { weight: 1, scales: [2, 3, 4, 5] }],
  ['com.microsoft.DynamicQuantizeMatMul', { weight: 1, scales: [2, 3] }],
  ['com.microsoft.DynamicQuantizeLSTM', { weight: 1, scales: [8, 9, 10, 11] }],
  ['com.microsoft.QAttention', { weight: 1, scales: [3, 4, 6, 7] }],
  ['com.microsoft.QEmbedLayerNormalization', { scales: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17] }],
  ['com.microsoft.QMoE', { weight: 2 }],
  ['com.microsoft.MatMulNBits', { weight: 1, scales: [2, 3] }],
  ['com.microsoft.MatMulBnb4', { weight: 1, scales: [2] }],
  ['com.microsoft.GatherBlockQuantized', { weight: 0, scales: [2, 3] }],
  ['Resize', { scales: [1, 2] }],
  ['RotaryEmbedding', { angles: [1, 2] }],
  ['com.microsoft.RotaryEmbedding', { angles: [2, 3] }],
  ['com.microsoft.GroupQueryAttention', { angles: [7, 8] }],
]);

const NONE: OperatorInputs = {};

/** What some inputs of a node are. */
export function inputsOf(node: Pick<Node, 'domain' | 'opType'>): OperatorInputs {
  return INPUTS.get(operatorName(node)) ?? NONE;
}

/** Operators whose weight has several elements in a byte. */
const PACKING: ReadonlySet<string> = new Set([
  'com.microsoft.MatMulNBits',
  'com.microsoft.MatMulBnb4',
  'com.microsoft.GatherBlockQuantized',
]);

/** Bits that an element may have in bytes that hold several, or one. */
export type PackedBits = 2 | 4 | 8;

/** Which input of a node is a packed weight, and bits of an element; undefined if there is none. */
export function packedWeight(
  node: Node,
): { input: number; bits: PackedBits | undefined } | undefined {
  const { weight } = inputsOf(node);
  if (weight === undefined || !PACKING.has(operatorName(node))) {
    return undefined;
  }
  const bits = intAttribute(node, 'bits') ?? 4;
  return { input: weight, bits: bits === 2 || bits === 4 || bits === 8 ? bits : undefined };
}
