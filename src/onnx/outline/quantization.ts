import type {
  QuantizationOutline,
  QuantizationPart,
  QuantizationScheme,
} from '../../shared/modelOutline';
import { intAttribute } from '../graph/attributes';
import { rawBytes } from '../graph/dtype';
import type { OnnxModel } from '../graph/model';
import { inputsOf } from '../graph/operatorInputs';
import { operatorName } from '../graph/operators';
import { unroundedValue } from '../graph/quantizers';
import { packedBits, weightsOf, type Weight, type WeightUse } from './weightUses';

/** How the weight of an operator is quantised if it is of integers, by {@link operatorName}. */
const SCHEMES: ReadonlyMap<string, QuantizationScheme> = new Map<string, QuantizationScheme>([
  ['MatMulInteger', 'dynamic'],
  ['ConvInteger', 'dynamic'],
  ['com.microsoft.MatMulIntegerToFloat', 'dynamic'],
  ['com.microsoft.DynamicQuantizeMatMul', 'dynamic'],
  ['com.microsoft.DynamicQuantizeLSTM', 'dynamic'],
  ['com.microsoft.QAttention', 'dynamic'],
  ['QLinearMatMul', 'staticOperators'],
  ['QLinearConv', 'staticOperators'],
  ['com.microsoft.QGemm', 'staticOperators'],
  ['Gather', 'weightOnly'],
  ['com.microsoft.QMoE', 'weightOnly'],
]);

/** Schemes whose weights are multiplied as integers. */
const MULTIPLIED: ReadonlySet<QuantizationScheme> = new Set([
  'dynamic',
  'staticQdq',
  'staticOperators',
]);

/** Inputs of a node that are looked at for each of its weights. No such operator has more. */
const MOST_OPERANDS = 16;

/** How the weights of a model are quantised, told by the operators that use them. */
export function quantizationOf(weights: readonly Weight[]): QuantizationOutline {
  const parts = new Map<string, QuantizationPart>();
  let count = 0;
  let parameters = 0;
  let signedBytes = 0;
  for (const weight of weights) {
    const quantization = schemeOf(weight);
    const isScale = weight.partOf !== undefined;
    if (isScale || (quantization === undefined && !isFloatMatrix(weight))) {
      continue;
    }
    count += 1;
    parameters += weight.parameters;
    if (quantization !== undefined) {
      const part = parts.get(keyOf(quantization)) ?? { ...quantization, weights: 0, parameters: 0 };
      part.weights += 1;
      part.parameters += weight.parameters;
      parts.set(keyOf(quantization), part);
      signedBytes += Number(isMultipliedByte(weight, quantization));
    }
  }
  return summary([...parts.values()], { weights: count, parameters, signedBytes });
}

/** The weights of signed 8-bit integers that are multiplied as such. */
export function multipliedBytes(weights: readonly Weight[]): Weight[] {
  return weights.filter((weight) => isMultipliedByte(weight, schemeOf(weight)));
}

/** Whether a model has weights of signed 8-bit integers that are multiplied as such. */
export function multipliesSignedBytes(model: OnnxModel): boolean {
  return quantizationOf(weightsOf(model)).signedBytes > 0;
}

/** Whether the integers of a weight stand for real numbers: those of a bias are dequantised, too. */
export function isQuantized(weight: Weight): boolean {
  return (
    schemeOf(weight) !== undefined ||
    weight.uses.some(
      ({ node, input, through }) =>
        through.some(({ opType }) => opType === 'DequantizeLinear') ||
        inputsOf(node).bias === input,
    )
  );
}

/** Several files as one model. */
export function mergeQuantization(outlines: readonly QuantizationOutline[]): QuantizationOutline {
  const parts = new Map<string, QuantizationPart>();
  for (const part of outlines.flatMap((outline) => outline.parts)) {
    const sum = parts.get(keyOf(part));
    parts.set(keyOf(part), {
      ...part,
      weights: part.weights + (sum?.weights ?? 0),
      parameters: part.parameters + (sum?.parameters ?? 0),
    });
  }
  const sum = (of: 'weights' | 'parameters' | 'signedBytes'): number =>
    outlines.reduce((total, outline) => total + outline[of], 0);
  const products = outlines.find((outline) => outline.products !== undefined)?.products;
  return {
    ...summary([...parts.values()], {
      weights: sum('weights'),
      parameters: sum('parameters'),
      signedBytes: sum('signedBytes'),
    }),
    ...(products === undefined ? {} : { products }),
  };
}

/** How one weight is quantised. */
type Scheme = Pick<QuantizationPart, 'scheme' | 'bits' | 'blockSize'>;

function keyOf({ scheme, bits, blockSize }: Scheme): string {
  return `${scheme} ${bits} ${blockSize ?? ''}`;
}

function summary(
  parts: QuantizationPart[],
  sums: Pick<QuantizationOutline, 'weights' | 'parameters' | 'signedBytes'>,
): QuantizationOutline {
  const schemes = new Set(parts.map(({ scheme, bits }) => `${scheme} ${bits}`));
  const [first] = parts;
  return {
    scheme: first === undefined ? 'none' : schemes.size > 1 ? 'mixed' : first.scheme,
    parts: parts.sort((a, b) => b.parameters - a.parameters),
    ...sums,
  };
}

function isMultipliedByte(weight: Weight, quantization: Scheme | undefined): boolean {
  const isMultiplied = quantization !== undefined && MULTIPLIED.has(quantization.scheme);
  return isMultiplied && weight.partOf === undefined && weight.dtype === 'int8';
}

function isFloatMatrix({ tensor }: Weight): boolean {
  return /^b?float/.test(tensor.dtype) && tensor.dims.length > 1;
}

function schemeOf(weight: Weight): Scheme | undefined {
  const bits = bitsOf(weight);
  const found = weight.uses
    .map((use) => schemeOfUse(weight, use))
    .find((scheme) => scheme !== undefined);
  if (found !== undefined && bits !== undefined) {
    const blockSize = weight.uses.map(blockOf).find((size) => size !== undefined);
    return { scheme: found, bits, ...(blockSize === undefined ? {} : { blockSize }) };
  }
  const { dtype } = weight.tensor;
  return (dtype === 'float16' || dtype === 'bfloat16') && isFloatMatrix(weight)
    ? { scheme: dtype, bits: 16 }
    : undefined;
}

/** The block size that the operator which takes a weight, or prepares it, is told. */
function blockOf({ node, through }: WeightUse): number | undefined {
  return [node, ...through]
    .map((each) => intAttribute(each, 'block_size'))
    .find((size) => size !== undefined && size > 0);
}

function bitsOf({ dtype }: Weight): number | undefined {
  const bytes = rawBytes(dtype, 8);
  return bytes !== undefined && bytes <= 16 && dtype !== 'bool' ? bytes : undefined;
}

function schemeOfUse(weight: Weight, use: WeightUse): QuantizationScheme | undefined {
  if (packedBits(use) !== undefined) {
    return 'weightOnly';
  }
  if (/^b?float(16|32|64)$/.test(weight.dtype) || weight.tensor.dims.length < 2) {
    return undefined;
  }
  const { node, input, through } = use;
  if (through.some(({ opType }) => opType === 'DequantizeLinear')) {
    return isStatic(use) ? 'staticQdq' : 'weightOnly';
  }
  return inputsOf(node).weight === input ? SCHEMES.get(operatorName(node)) : undefined;
}

/** Whether another operand of a node was quantised by scales that the file holds. */
function isStatic({ node, input, flow }: WeightUse): boolean {
  return node.inputs
    .slice(0, MOST_OPERANDS)
    .some((name, index) => index !== input && unroundedValue(name, flow) !== undefined);
}
