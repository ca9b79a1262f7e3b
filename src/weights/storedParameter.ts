import { intAttribute, intsAttribute } from '../onnx/graph/attributes';
import type { Dataflow } from '../onnx/graph/dataflow';
import type { Node, TensorRef } from '../onnx/graph/model';
import type { Quantization, StoredParameter } from './parameters';
import { isDequantize } from '../onnx/graph/quantizers';
import { quantizedName } from './parameterNames';

/** Operators between a stored tensor and its use. Real files have two at most. */
const CHAIN_STEPS = 8;

/** Operators that hand the elements of their first input on, at most in another type. */
const SAME_ELEMENTS: ReadonlySet<string> = new Set(['Identity', 'Cast', 'CastLike']);

/**
 * The stored tensor that a value is made of by nothing but change of type, transposition of a
 * matrix, and dequantisation.
 */
export function storedParameter(
  value: string | undefined,
  flow: Dataflow,
): StoredParameter | undefined {
  let name = value;
  let transposed = false;
  let quantization: Quantization | undefined;
  for (let step = 0; step < CHAIN_STEPS; step++) {
    const tensor = flow.storedTensor(name);
    if (tensor !== undefined) {
      const known = quantization ?? quantizationByName(tensor, flow);
      return { tensor, transposed, ...(known === undefined ? {} : { quantization: known }) };
    }
    const node = flow.producer(name);
    const operator = node?.domain === '' ? node.opType : undefined;
    if (isDequantize(node) && quantization === undefined) {
      quantization = linearQuantization(node, 1, 2, flow);
    } else if (node !== undefined && operator === 'Transpose' && swapsMatrix(node)) {
      transposed = !transposed;
      quantization = withAxesSwapped(quantization);
    } else if (operator === undefined || !SAME_ELEMENTS.has(operator)) {
      return undefined;
    }
    name = node?.inputs[0];
  }
  return undefined;
}

/**
 * The quantisation of a weight whose scale and zero point are inputs of `node`.
 * @returns undefined if there is no stored scale.
 */
export function linearQuantization(
  node: Node,
  scaleInput: number,
  zeroInput: number,
  flow: Dataflow,
): Quantization | undefined {
  const scale = flow.storedTensor(node.inputs[scaleInput]);
  const zeroPoint = flow.storedTensor(node.inputs[zeroInput]);
  const blockSize = intAttribute(node, 'block_size') ?? 0;
  const axis = intAttribute(node, 'axis') ?? 1;
  return scale === undefined
    ? undefined
    : {
        kind: 'linear',
        scale,
        ...(zeroPoint === undefined ? {} : { zeroPoint }),
        axis,
        ...(blockSize > 0 ? { blockSize } : {}),
      };
}

/**
 * The quantisation of a tensor that ONNX Runtime's `quantize_dynamic` made: scale and zero point
 * are initializers with names like its own. With several scales they are those of its columns.
 */
export function quantizationByName(
  { name, dims }: TensorRef,
  flow: Dataflow,
): Quantization | undefined {
  const base = quantizedName(name);
  const scale = base === undefined ? undefined : flow.storedTensor(`${base}_scale`);
  const zeroPoint = base === undefined ? undefined : flow.storedTensor(`${base}_zero_point`);
  return scale === undefined
    ? undefined
    : {
        kind: 'linear',
        scale,
        ...(zeroPoint === undefined ? {} : { zeroPoint }),
        axis: dims.length === 2 ? 1 : 0,
      };
}

/** The quantisation of a matrix, from that of its transpose. */
function withAxesSwapped(quantization: Quantization | undefined): Quantization | undefined {
  return quantization?.kind === 'linear'
    ? {
        ...quantization,
        axis: quantization.axis < 0 ? -3 - quantization.axis : 1 - quantization.axis,
      }
    : quantization;
}

/** Whether a `Transpose` exchanges the two axes of a matrix. */
function swapsMatrix(node: Node): boolean {
  const perm = intsAttribute(node, 'perm') ?? [1, 0];
  return perm.length === 2 && perm[0] === 1 && perm[1] === 0;
}
